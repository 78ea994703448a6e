namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.Text.RegularExpressions

/// Dates and times as ISO 8601 writes them, with a blank or a T between the two.
module IsoMoment =
    let private form =
        Regex(
            @"^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?)?$",
            RegexOptions.Compiled
        )

    /// The moment, by the clock of UTC where the text names a time zone; None for every other form.
    let tryParse (text: string) =
        let styles = DateTimeStyles.AssumeUniversal ||| DateTimeStyles.AdjustToUniversal

        match form.IsMatch text, DateTime.TryParse(text, CultureInfo.InvariantCulture, styles) with
        | true, (true, moment) -> Some(DateTime.SpecifyKind(moment, DateTimeKind.Unspecified))
        | _ -> None
