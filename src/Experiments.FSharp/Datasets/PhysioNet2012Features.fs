namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Cohorts

/// How 48 hours of irregular measurements become a fixed shape.
type Representation =
    /// Tabular: per measured parameter log(1 + count), first, last, minimum, maximum and mean; per flag
    /// log(1 + count). All but the count are NaN when there is no value; the count is then 0.
    | Summary
    /// Series of 48 hourly steps: per parameter the last value up to the end of that hour (NaN before the first),
    /// and, in as many channels after these, 1 where that hour has a value of its own, else 0.
    | Hourly

/// A stay as modality blocks: `demographics` and the modalities of `PhysioNet2012Parameters.series`.
module PhysioNet2012Features =
    let private hours = 48

    let private statistics parameter =
        match parameter.Kind with
        | Measurement -> 6
        | Flag -> 1

    /// Shapes, in the order of the blocks.
    let modalities representation = [
        Modality.Tabular("demographics", PhysioNet2012Parameters.demographics.Length)
        for name, parameters in PhysioNet2012Parameters.series do
            match representation with
            | Summary -> Modality.Tabular(name, parameters |> List.sumBy statistics)
            | Hourly -> Modality.Series(name, hours, 2 * parameters.Length)
    ]

    let private plausible (rows: (struct (int * float32))[]) =
        rows |> Array.filter (fun struct (_, value) -> not (Single.IsNaN value))

    let private summary (parameters: Parameter list) (series: (struct (int * float32))[][]) = [|
        for parameter, rows in Seq.zip parameters series do
            let values = plausible rows |> Array.map (fun struct (_, value) -> value)
            MathF.Log(1f + float32 values.Length)

            if parameter.Kind = Measurement then
                if values.Length = 0 then
                    yield! Array.create (statistics parameter - 1) nanf
                else
                    values[0]
                    Array.last values
                    Array.min values
                    Array.max values
                    float32 (values |> Array.averageBy float)
    |]

    let private hourly (series: (struct (int * float32))[][]) =
        let channels = 2 * series.Length
        let block = Array.zeroCreate<float32>(hours * channels)

        for channel, rows in Seq.indexed series do
            let last = Array.create hours nanf

            for struct (minute, value) in plausible rows do
                let hour = min (minute / 60) (hours - 1)
                last[hour] <- value
                block[hour * channels + series.Length + channel] <- 1f

            let mutable carried = nanf

            for hour in 0 .. hours - 1 do
                if not (Single.IsNaN last[hour]) then
                    carried <- last[hour]

                block[hour * channels + channel] <- carried

        block

    /// One block per modality, and whether it was observed: it is as soon as any of its parameters was measured,
    /// even where the value is implausible. Demographics always are.
    let ofStay representation (stay: Stay) : float32[][] * bool[] =
        let mutable start = 0

        let groups = [
            for _, parameters in PhysioNet2012Parameters.series do
                parameters, stay.Series[start .. start + parameters.Length - 1]
                start <- start + parameters.Length
        ]

        let block (parameters, series) =
            match representation with
            | Summary -> summary parameters series
            | Hourly -> hourly series

        [| stay.Demographics; yield! List.map block groups |],
        [|
            true
            yield! groups |> List.map (snd >> Array.exists (Array.isEmpty >> not))
        |]
