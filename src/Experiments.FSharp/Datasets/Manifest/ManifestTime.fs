namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open CausalDebiasing.Runtime

/// Reader of a column of times, which are all written in one way: numbers, ISO dates, or dates in a declared form.
type ManifestTime(where: string, format: string option, decimalMark: char) =
    let mutable first: (bool * CellPlace) option = None

    let days (moment: DateTime) = (moment - DateTime.UnixEpoch).TotalDays

    let declared (format: string) (text: string) =
        match DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None) with
        | true, moment -> Some(days moment)
        | _ -> None

    do
        let probe = DateTime(2013, 12, 31)

        for format in Option.toList format do
            let isWhole =
                try
                    declared format (probe.ToString(format, CultureInfo.InvariantCulture)) = Some(days probe)
                with :? FormatException ->
                    false

            if not isWhole then
                raise (
                    InputException
                        $"{where}: 'format' of the time column is no form of dates; write one such as dd/MM/yyyy, with d for days, M for months, y for years, HH for hours and mm for minutes."
                )

    let refuse place problem remedy =
        TableError.refuseCell place.File place.Row place.Column problem remedy

    let undeclared place (text: string) =
        let found =
            match ManifestCells.tryNumber decimalMark text, IsoMoment.tryParse text with
            | Some value, _ when Double.IsFinite value -> Some(true, value)
            | _, Some moment -> Some(false, days moment)
            | _ -> None

        match found, first with
        | Some(isNumber, value), None ->
            first <- Some(isNumber, place)
            value
        | Some(isNumber, _), Some(wasNumber, other) when isNumber <> wasNumber ->
            let named isNumber =
                if isNumber then "a number" else "a date"

            refuse
                place
                $"the cell holds {named isNumber} and that of row {other.Row} of {other.File} {named wasNumber}, so that their order is not known"
                "write all times of the column in one way, such as 2015-03-31"
        | Some(_, value), _ -> value
        | None, _ ->
            refuse
                place
                "the cell is neither a number nor a date such as 2015-03-31"
                "correct it, or declare the form of the dates by 'format' under 'columns': \"dd/MM/yyyy\" where days come first, \"MM/dd/yyyy\" where months do"

    /// Days, or the column's own unit; only the order matters. Raises InputException for a missing cell and one of another form.
    member _.Read(place, cell: string option) =
        match cell, format with
        | None, _ -> refuse place "the time is missing" "fill it in or remove the row"
        | Some text, None -> undeclared place text
        | Some text, Some format ->
            match declared format text with
            | Some value -> value
            | None ->
                refuse
                    place
                    $"the cell is no date in the form {format}, which 'format' declares"
                    "correct the cell or 'format'"
