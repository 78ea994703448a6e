namespace CausalDebiasing.Bench.Measures

open System

/// How many rows a regression model of a binary outcome needs: Riley and others, BMJ 368:m441, 2020.
type SampleSize = {
    /// So many that shrinkage is at least 0.9.
    Shrinkage: int
    /// So many that the apparent and the adjusted R2 of Nagelkerke are at most 0.05 apart.
    Optimism: int
    /// So many that the overall risk is known to within 0.05.
    OverallRisk: int
}

module SampleSize =
    let private leastShrinkage = 0.9
    let private mostOptimism = 0.05
    let private margin = 0.05

    /// The largest R2 of Cox and Snell at a share of events.
    let largestR2 share =
        let perRow = share * log share + (1. - share) * log (1. - share)
        1. - exp (2. * perRow)

    /// What R2 of Cox and Snell to expect where nothing is known: 15 % of the largest, as Riley and others advise.
    let expectedR2 share = 0.15 * largestR2 share

    /// Rows for each parameter at which the expected shrinkage is that much.
    let private rowsPerParameter r2 shrinkage =
        1. / ((shrinkage - 1.) * log (1. - r2 / shrinkage))

    let private optimismShrinkage r2 share =
        r2 / (r2 + mostOptimism * largestR2 share)

    let private up (rows: float) = int (ceil rows)

    /// For a number of candidate parameters, the R2 of Cox and Snell that is expected, and the share of events, in (0, 1).
    let needed parameters r2 share =
        let parameters = float parameters

        {
            Shrinkage = up (parameters * rowsPerParameter r2 leastShrinkage)
            Optimism = up (parameters * rowsPerParameter r2 (optimismShrinkage r2 share))
            OverallRisk = up ((1.96 / margin) ** 2. * share * (1. - share))
        }

    /// The largest of the three.
    let rows size =
        max size.Shrinkage (max size.Optimism size.OverallRisk)

    /// How many candidate parameters so many rows can carry, by the first two criteria.
    let carried rows r2 share =
        let perParameter =
            max (rowsPerParameter r2 leastShrinkage) (rowsPerParameter r2 (optimismShrinkage r2 share))

        int (floor (float rows / perParameter))
