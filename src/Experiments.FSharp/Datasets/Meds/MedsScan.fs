namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Cohorts

/// One pass over the events that are known at prediction, and from what it found to modalities. Needs `events` and `labels` in
/// the session.
module MedsScan =
    /// Different codes that a row keeps, the latest ones.
    let private slots = 128

    let private statistics = 4
    let private daysPerYear = 365.25

    let private hour =
        "CAST(floor(date_diff('second', e.time, l.prediction_time) / 3600.0) AS INTEGER)"

    /// Fills `found`: per row, modality, item and (of series) hour before prediction, what its events come to.
    let private scan (session: DuckSession) (items: MedsItem[]) =
        session.Execute
            "CREATE TABLE wanted(code VARCHAR, modality INTEGER, item INTEGER, hours INTEGER, within INTEGER)"

        session.Append "wanted" (fun appender ->
            for item in items do
                appender
                    .CreateRow()
                    .AppendValue(item.Code)
                    .AppendValue(Nullable item.Modality)
                    .AppendValue(Nullable item.Item)
                    .AppendValue(Nullable item.Hours)
                    .AppendValue(Nullable item.Within)
                    .EndRow()
                |> ignore)

        session.Execute
            $"""
            CREATE TABLE found AS
            SELECT l.row, w.modality, w.item, CASE WHEN w.hours > 0 THEN {hour} END AS hour,
                count(e.numeric_value) AS numbers, max_by(e.numeric_value, ({MedsCodes.moment}, e.numeric_value)) AS last,
                min(e.numeric_value) AS least, max(e.numeric_value) AS greatest,
                max(e.time) AS latest, date_diff('day', min(e.time), any_value(l.prediction_time)) AS days
            FROM events e JOIN wanted w ON e.code = w.code JOIN labels l ON e.subject_id = l.subject_id
            WHERE {MedsCodes.known}
                AND (w.within = 0 OR e.time IS NULL OR e.time >= l.prediction_time - to_hours(w.within))
                AND (w.hours = 0 OR (e.numeric_value IS NOT NULL AND {hour} < w.hours))
            GROUP BY ALL"""

    let private block modality values observed = {
        Modality = modality
        Values = values
        Observed = observed
        Implausible = 0
    }

    let private codes (session: DuckSession) rows name number vocabulary =
        let values = Array.zeroCreate<float32>(rows * slots)
        let observed = Array.zeroCreate<bool> rows

        session.Visit
            $"""
            SELECT row, item, row_number() OVER (PARTITION BY row ORDER BY latest DESC NULLS LAST, item) AS place
            FROM found WHERE modality = {number} QUALIFY place <= {slots}"""
            (fun reader ->
                let row = reader.GetInt32 0
                values[row * slots + int (reader.GetInt64 2) - 1] <- float32 (reader.GetInt32 1 + 1)
                observed[row] <- true)

        block (Modality.Codes(name, slots, max 1 vocabulary)) values observed

    let private summary (session: DuckSession) rows name number items =
        let size = statistics * max 1 items
        let values = Array.create (rows * size) nanf
        let observed = Array.zeroCreate<bool> rows

        for i in 0..statistics .. values.Length - 1 do
            values[i] <- 0f

        session.Visit
            $"SELECT row, item, numbers, last, least, greatest FROM found WHERE modality = {number} AND numbers > 0"
            (fun reader ->
                let row = reader.GetInt32 0
                let start = row * size + statistics * reader.GetInt32 1
                values[start] <- MathF.Log(1f + float32 (reader.GetInt64 2))
                values[start + 1] <- reader.GetFloat 3
                values[start + 2] <- reader.GetFloat 4
                values[start + 3] <- reader.GetFloat 5
                observed[row] <- true)

        block (Modality.Tabular(name, size)) values observed

    /// Steps are hours up to prediction, the last one being the hour before it.
    let private hourly (session: DuckSession) rows name number items hours =
        let channels = 2 * max 1 items
        let size = hours * channels
        let values = Array.zeroCreate<float32>(rows * size)
        let observed = Array.zeroCreate<bool> rows

        for row in 0 .. rows - 1 do
            for step in 0 .. hours - 1 do
                Array.fill values (row * size + step * channels) (channels / 2) nanf

        session.Visit $"SELECT row, item, hour, last FROM found WHERE modality = {number}" (fun reader ->
            let row, item = reader.GetInt32 0, reader.GetInt32 1
            let start = row * size + (hours - 1 - reader.GetInt32 2) * channels
            values[start + item] <- reader.GetFloat 3
            values[start + channels / 2 + item] <- 1f
            observed[row] <- true)

        for row in 0 .. rows - 1 do
            for step in 1 .. hours - 1 do
                let start = row * size + step * channels

                for item in start .. start + channels / 2 - 1 do
                    if Single.IsNaN values[item] then
                        values[item] <- values[item - channels]

        block (Modality.Series(name, hours, channels)) values observed

    let private years (session: DuckSession) rows name number =
        let values = Array.create rows nanf
        let observed = Array.zeroCreate<bool> rows

        session.Visit
            $"SELECT row, max(days) FROM found WHERE modality = {number} AND days IS NOT NULL GROUP BY row"
            (fun reader ->
                let row = reader.GetInt32 0
                values[row] <- float32 (float (reader.GetInt64 1) / daysPerYear)
                observed[row] <- true)

        block (Modality.Tabular(name, 1)) values observed

    /// The modalities of all rows; `codes` are those that are known at prediction.
    let blocks (session: DuckSession) rows (known: MedsCode[]) (modalities: (string * MedsModality) list) =
        let items =
            modalities
            |> List.mapi (fun number (_, modality) -> MedsCodes.items known number modality)

        scan session (Array.concat items)

        [
            for number, ((name, modality), items) in List.indexed (List.zip modalities items) do
                match modality.As with
                | "codes" -> codes session rows name number items.Length
                | "summary" -> summary session rows name number items.Length
                | "hourly" ->
                    hourly
                        session
                        rows
                        name
                        number
                        items.Length
                        (Option.defaultValue MedsCodes.usualHours modality.Hours)
                | _ -> years session rows name number
        ]
