namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.Text.RegularExpressions

/// Identifiers, sites and codes are text; only a whole number that was written as a float is that whole number.
module CodeText =
    let private wholeFloat = Regex(@"^[+-]?\d+\.0*$", RegexOptions.Compiled)

    // The sign tells 1e+05 of R and Python from a code such as 1E50.
    let private scientific =
        Regex(@"^[+-]?\d(\.\d+)?[eE][+-]\d+$", RegexOptions.Compiled)

    /// The one form of a code: 500.0, 500. and 5e+02 are 500; 0389, 389 and 1.50 stay as they are.
    let canonical (text: string) =
        if text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 then
            text
        elif wholeFloat.IsMatch text then
            text[.. text.IndexOf '.' - 1]
        elif scientific.IsMatch text then
            match Decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
            | true, value when value = Decimal.Truncate value ->
                value.ToString("0", CultureInfo.InvariantCulture)
            | _ -> text
        else
            text
