namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts

/// A stay as modality blocks: `demographics` and the modalities of `PhysioNet2012Parameters.series`.
module PhysioNet2012Features =
    let private hours = 48

    /// Shapes, in the order of the blocks.
    let modalities representation = [
        Modality.Tabular("demographics", PhysioNet2012Parameters.demographics.Length)
        for name, parameters in PhysioNet2012Parameters.series do
            SeriesFeatures.modality representation hours name parameters
    ]

    /// One block per modality, and whether it was observed: it is as soon as any of its parameters was measured,
    /// even where the value is implausible. Demographics always are.
    let ofStay representation (stay: Stay) : float32[][] * bool[] =
        let mutable start = 0

        let groups = [
            for _, parameters in PhysioNet2012Parameters.series do
                parameters, stay.Series[start .. start + parameters.Length - 1]
                start <- start + parameters.Length
        ]

        [|
            stay.Demographics
            for parameters, series in groups do
                SeriesFeatures.block representation hours parameters series
        |],
        [|
            true
            for _, series in groups do
                SeriesFeatures.isObserved series
        |]
