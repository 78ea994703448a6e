namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.Text.RegularExpressions
open CausalDebiasing.Runtime

/// Columns that are numbered without gaps, written as the first and the last: emb_0..emb_767.
module ColumnRange =
    let private form =
        Regex(@"^(.*?)(\d{1,9})\.\.(.*?)(\d{1,9})$", RegexOptions.Compiled)

    let private numbered = Regex(@"^(.*?)(0|[1-9]\d{0,8})$", RegexOptions.Compiled)

    /// Fewer numbered columns are written one by one.
    let private shortest = 8

    /// The columns of a range; any other name stands for itself. Numbers keep the leading zeros of the first. Raises
    /// InputException for a range that ends before it begins or whose ends have different names.
    let expand (where: string) (name: string) =
        let found = form.Match name

        if not found.Success then
            [ name ]
        else
            let stem, first = found.Groups[1].Value, found.Groups[2].Value

            let number (text: string) =
                Int32.Parse(text, CultureInfo.InvariantCulture)

            let low, high = number first, number found.Groups[4].Value

            if stem <> found.Groups[3].Value || high < low then
                raise (
                    InputException
                        $"{where}: '{name}' is no range of columns; write the first and the last of columns that differ in their number only, such as emb_0..emb_767."
                )

            let width = if first.StartsWith '0' then first.Length else 1

            [
                for i in low..high -> stem + i.ToString($"D{width}", CultureInfo.InvariantCulture)
            ]

    /// The longest runs of eight or more columns that differ in their number only and follow each other: the common stem and
    /// the columns.
    let runs (columns: string list) =
        let key i (name: string) =
            let found = numbered.Match name

            if found.Success && found.Groups[1].Value <> "" then
                Some(found.Groups[1].Value, int found.Groups[2].Value - i)
            else
                None

        columns
        |> List.mapi (fun i name -> key i name, name)
        |> List.groupBy fst
        |> List.choose (fun (key, members) ->
            match key with
            | Some(stem, _) when members.Length >= shortest -> Some(stem, List.map snd members)
            | _ -> None)
