namespace CausalDebiasing.Bench.Measures

open System

/// The variance of AUROC without resampling: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, for patients with several rows
/// Obuchowski, Biometrics 53, 1997, from midranks (Sun and Xu, IEEE Signal Processing Letters 21, 2014). O(n log n).
module DeLong =
    /// For every row the share of rows of the other outcome that its prediction is right about, and AUROC, their mean.
    let private placements (rows: JudgedRows) =
        let ranked = RankedRows.ofRows rows
        let events = float (JudgedRows.events rows)
        let others = float rows.Outcomes.Length - events
        let placed = Array.zeroCreate rows.Outcomes.Length
        let mutable othersBelow, eventsBelow = 0., 0.
        let mutable start = 0

        for last in ranked.Ends do
            let mutable own = 0

            for i in start .. last - 1 do
                if ranked.IsEvent[i] then
                    own <- own + 1

            let beside = last - start - own

            for i in start .. last - 1 do
                placed[ranked.Rows[i]] <-
                    if ranked.IsEvent[i] then
                        (othersBelow + float beside / 2.) / others
                    else
                        (events - eventsBelow - float own / 2.) / events

            othersBelow <- othersBelow + float beside
            eventsBelow <- eventsBelow + float own
            start <- last

        let area =
            Seq.sumBy (fun row -> rows.Outcomes[row] * placed[row]) (seq { 0 .. placed.Length - 1 })
            / events

        placed, area, events, others

    /// How far a row moves AUROC, and AUROC.
    let private influence (rows: JudgedRows) =
        let placed, area, events, others = placements rows

        Array.init placed.Length (fun row ->
            (placed[row] - area) / (if rows.Outcomes[row] > 0.5 then events else others)),
        area

    let private unbiased (count: int) =
        if count < 2 then nan else float count / float (count - 1)

    /// Standard error of a sum of influences over rows: the parts of events and of other rows each have their own number of patients.
    let private error (rows: JudgedRows) (influence: float[]) =
        let events, others =
            Array.zeroCreate rows.PatientCount, Array.zeroCreate rows.PatientCount

        let hasEvent, hasOther =
            Array.create rows.PatientCount false, Array.create rows.PatientCount false

        for row in 0 .. influence.Length - 1 do
            let patient = rows.Patients[row]

            if rows.Outcomes[row] > 0.5 then
                events[patient] <- events[patient] + influence[row]
                hasEvent[patient] <- true
            else
                others[patient] <- others[patient] + influence[row]
                hasOther[patient] <- true

        let count has = has |> Array.filter id |> Array.length

        let both = Array.fold2 (fun sum own other -> sum + own * other) 0. events others

        let square (values: float[]) =
            Array.sumBy (fun value -> value * value) values

        sqrt (
            unbiased (count hasEvent) * square events
            + unbiased (count hasOther) * square others
            + 2. * unbiased rows.PatientCount * both
        )

    /// AUROC with its normal interval; undefined with one outcome class.
    let auroc (rows: JudgedRows) =
        let influence, area = influence rows

        if Double.IsNaN area then
            Measured.undefined
        else
            Measured.ofError area (error rows influence)

    /// AUROC of the first predictions minus that of the second, as a mean over pairs of predictions for the same rows in the same
    /// order. `pooled` are the rows of all pairs, one pair after the other, with the patients that the pairs share. Raises
    /// ArgumentException when outcomes differ.
    let meanDifference (pairs: (JudgedRows * JudgedRows) list) (pooled: JudgedRows) =
        let moved, differences =
            pairs
            |> List.map (fun (first, second) ->
                if first.Outcomes <> second.Outcomes then
                    invalidArg (nameof pairs) "Both must be predictions for the same rows."

                let own, area = influence first
                let its, other = influence second
                Array.map2 (-) own its, area - other)
            |> List.unzip

        let moved = Array.concat moved
        let mean = List.average differences

        if Double.IsNaN mean then
            Measured.undefined
        else
            moved
            |> Array.map (fun part -> part / float pairs.Length)
            |> error pooled
            |> Measured.ofError mean

    /// The same for one pair.
    let difference (first: JudgedRows) (second: JudgedRows) = meanDifference [ first, second ] first
