namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts

/// Series of a linked table, one row per value.
module LinkedSeries =
    let private mostChannels = 512
    let private minutesPerStep = 60

    type private Value = {
        Row: int
        Name: string
        Time: float
        Number: float32
    }

    /// One channel per name, by alphabet, and one more that says where it has a value of its own: see
    /// `SeriesFeatures`. Steps begin at time 0; values at other times are not read. Of several values in one step the last
    /// counts, in time and then in the table. Raises InputException.
    let read
        where
        (manifest: Manifest)
        (table: ManifestTable)
        path
        linked
        (time, name, value)
        steps
        step
        modality
        =
        let values = List<Value>()

        let number (place: CellPlace) (cell: string | null) =
            match cell with
            | null -> None
            | text -> Some(ManifestCells.number place (Manifest.decimalMark manifest place.Column) text)

        LinkedRows.iterate where manifest table path linked [ time; name; value ] (fun place row cells ->
            let at = place time

            match number at cells[0], cells[1], number (place value) cells[2] with
            | Some moment, NonNull called, Some number ->
                values.Add {
                    Row = row
                    Name = CodeText.canonical called
                    Time = float moment
                    Number = number
                }
            | None, _, Some _ ->
                TableError.refuseCell path at.Row time "the time is missing" "fill it in or remove the row"
            | _, null, Some _ ->
                TableError.refuseCell path at.Row name "the name is missing" "fill it in or remove the row"
            | _ -> ())

        let channels = CohortAssembly.distinctNames [| for value in values -> value.Name |]

        if channels.Length = 0 then
            TableError.refuse path "the table holds no value" "check the columns and the codes for missing"

        if channels.Length > mostChannels then
            TableError.refuse
                path
                $"column '{name}' names {channels.Length} different series"
                $"keep at most {mostChannels}"

        let channelOf = channels |> Array.mapi (fun i name -> name, i) |> dict

        let series =
            table.Rows |> Array.map (fun _ -> Array.init channels.Length (fun _ -> List()))

        for value in Seq.sortBy _.Time values do
            let at = Math.Floor(value.Time / step)

            if at >= 0. && at < float steps then
                let channel = series[value.Row][channelOf[value.Name]]
                channel.Add(struct (minutesPerStep * int at, value.Number))

        let rows =
            series |> Array.map (Array.map (fun (channel: List<_>) -> channel.ToArray()))

        {
            Modality = Modality.Series(modality, steps, 2 * channels.Length)
            Values = rows |> Array.collect (SeriesFeatures.block Hourly steps [])
            Observed = Array.map SeriesFeatures.isObserved rows
            Implausible = 0
        }
