namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Globalization
open CausalDebiasing.Runtime

/// One ICU stay as the challenge's text file has it.
type Stay = {
    RecordId: int64
    /// 1 CCU, 2 CSRU, 3 MICU, 4 SICU.
    IcuType: int
    /// Values of `PhysioNet2012Parameters.demographics`; NaN when unknown.
    Demographics: float32[]
    /// Per entry of `PhysioNet2012Parameters.all`: minute since admission and value (NaN when implausible), by time.
    Series: (struct (int * float32))[][]
    /// Number of values that were set to NaN because they are implausible.
    Implausible: int
}

/// Reader of one record: rows "Time,Parameter,Value" of the first 48 hours; the value -1 means unknown and
/// such rows are ignored.
module PhysioNet2012Record =
    let private header = "Time,Parameter,Value"
    let private restore = "restore the official file"
    let private lastMinute = 48 * 60

    let private indices names =
        let lookup = Dictionary<string, int>()
        names |> Seq.iteri (fun i name -> lookup.Add(name, i))
        lookup

    let private seriesIndex = PhysioNet2012Parameters.all |> Seq.map _.Name |> indices

    let private demographicIndex =
        PhysioNet2012Parameters.demographics |> Seq.map _.Name |> indices

    let private demographics = Array.ofList PhysioNet2012Parameters.demographics

    let private minutes (text: ReadOnlySpan<char>) =
        let digit (c: char) =
            if Char.IsAsciiDigit c then int c - int '0' else -10000

        if text.Length <> 5 || text[2] <> ':' then
            -1
        else
            let minute = 10 * digit text[3] + digit text[4]
            let total = 60 * (10 * digit text[0] + digit text[1]) + minute

            if minute > 59 || total > lastMinute then
                -1
            else
                max total -1

    let private bad (file: string, line: int) column problem remedy =
        raise (InputException $"{file}, line {line}, column {column}: {problem}; {remedy}.")

    /// Minute, parameter and value of a row; None when the row is blank or its value is unknown.
    let private parseRow at (row: string) =
        if row = "" then
            None
        else
            let first = row.IndexOf ','
            let last = row.LastIndexOf ','

            if row.AsSpan().Count ',' <> 2 then
                bad at "Time" "the row does not have three columns" $"write it as {header}"

            let minute = minutes (row.AsSpan(0, first))

            if minute < 0 then
                bad at "Time" "the time is not between 00:00 and 48:00" "write it as hh:mm since admission"

            match Single.TryParse(row.AsSpan(last + 1), NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, -1f -> None
            | true, value when Single.IsFinite value ->
                Some(struct (minute, row[first + 1 .. last - 1], value))
            | _ -> bad at "Value" "the value is not a number" "write a number, -1 where it is unknown"

    /// Parses the text of the file `name` (used in messages). Raises InputException with file, line and column for
    /// a row that is not in the format, and when RecordID or ICUType are missing or disagree with the file.
    let parse (name: string) (text: string) : Stay =
        let mutable recordId = None
        let mutable icuType = None
        let mutable implausible = 0
        let statics = Array.create demographics.Length nanf

        let series =
            Array.init PhysioNet2012Parameters.all.Length (fun _ -> List<struct (int * float32)>())

        let cleaned parameter value =
            let result = PhysioNet2012Parameters.clean parameter value

            if Single.IsNaN result then
                implausible <- implausible + 1

            result

        let add at minute parameter value =
            match parameter, demographicIndex.TryGetValue parameter, seriesIndex.TryGetValue parameter with
            | "ICUType", _, _ when Array.contains value [| 1f; 2f; 3f; 4f |] -> icuType <- Some(int value)
            | "ICUType", _, _ -> bad at "Value" "the ICU type is not 1, 2, 3 or 4" restore
            | _, (true, i), _ ->
                if Single.IsNaN statics[i] then
                    statics[i] <- cleaned demographics[i] value
            | _, _, (true, i) -> series[i].Add(struct (minute, cleaned PhysioNet2012Parameters.all[i] value))
            | _ -> bad at "Parameter" "the name is none of the challenge's parameters" restore

        text.Split '\n'
        |> Array.iteri (fun i row ->
            let row = row.TrimEnd '\r'
            let at = name, i + 1

            if i = 0 then
                if row <> header then
                    bad at "Time" $"the header is not '{header}'" restore
            else
                match parseRow at row with
                | Some(struct (_, "RecordID", _)) ->
                    recordId <- Some(CodeText.canonical (row[row.LastIndexOf ',' + 1 ..].Trim()))
                | Some(struct (minute, parameter, value)) -> add at minute parameter value
                | None -> ())

        let number =
            recordId
            |> Option.filter (fun id -> id + ".txt" = name)
            |> Option.bind (fun id ->
                match Int64.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture) with
                | true, number -> Some number
                | _ -> None)

        match recordId, icuType with
        | Some _, Some icu when number.IsSome -> {
            RecordId = number.Value
            IcuType = icu
            Demographics = statics
            Series =
                series
                |> Array.map (Seq.sortBy (fun struct (minute, _) -> minute) >> Array.ofSeq)
            Implausible = implausible
          }
        | Some _, Some _ ->
            raise (InputException $"{name}: its RecordID is not that of the file name; {restore}.")
        | _ -> raise (InputException $"{name}: it has no RecordID or no ICUType row; {restore}.")
