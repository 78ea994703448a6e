namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Cohorts

/// How irregular measurements become a fixed shape.
type Representation =
    /// Tabular: per measured parameter log(1 + count), first, last, minimum, maximum and mean; per flag
    /// log(1 + count). All but the count are NaN when there is no value; the count is then 0.
    | Summary
    /// Series of hourly steps: per parameter the last value up to the end of that hour (NaN before the first),
    /// and, in as many channels after these, 1 where that hour has a value of its own, else 0.
    | Hourly

/// A group of parameters of one stay as a modality. A parameter's series is minute since admission and value (NaN when
/// implausible), by time.
module SeriesFeatures =
    let private statistics parameter =
        match parameter.Kind with
        | Measurement -> 6
        | Flag -> 1

    /// The shape over the first `hours`.
    let modality representation hours name (parameters: Parameter list) =
        match representation with
        | Summary -> Modality.Tabular(name, parameters |> List.sumBy statistics)
        | Hourly -> Modality.Series(name, hours, 2 * parameters.Length)

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

    let private hourly hours (series: (struct (int * float32))[][]) =
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

    /// The values of the modality.
    let block representation hours parameters series =
        match representation with
        | Summary -> summary parameters series
        | Hourly -> hourly hours series

    /// Whether any of the parameters was measured, even where the value is implausible.
    let isObserved (series: (struct (int * float32))[][]) =
        series |> Array.exists (Array.isEmpty >> not)
