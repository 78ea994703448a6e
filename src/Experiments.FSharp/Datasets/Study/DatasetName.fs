namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Runtime

/// How a study divides the rows of a data set.
type Division =
    /// As the data say, else at random by patient.
    | Own
    /// A site that is tested on and not trained on, by name; the others are divided as in `Own`.
    | SiteLeftOut of string
    /// Repeated cross-validation with that many folds, see `DatasetSplit.ofFold`.
    | Folds of int

/// How conditions name a real data set: "heart-uci", a manifest's or a cohort folder's path; with a site that is
/// tested on and not trained on "heart-uci@site:va"; with five-fold cross-validation "heart-uci@folds:5".
module DatasetName =
    let private siteMark = "@site:"
    let private foldsMark = "@folds:"
    let private mostFolds = 20

    /// The data set without and with a site left out.
    let leaveOut name (site: string) = $"{name}{siteMark}{site}"

    /// The data set without and with cross-validation.
    let crossValidate name (folds: int) = $"{name}{foldsMark}{folds}"

    let private splitAt (mark: string) (name: string) =
        match name.IndexOf(mark, StringComparison.Ordinal) with
        | -1 -> name, None
        | at -> name[.. at - 1], Some name[at + mark.Length ..]

    /// The name without the folders in which a manifest or cohort lies.
    let withoutFolders (name: string) =
        let whole, site = splitAt siteMark name
        let basis, folds = splitAt foldsMark whole
        let last = basis.TrimEnd('/', '\\').Split('/', '\\') |> Array.last

        match site, folds with
        | Some site, _ -> leaveOut last site
        | None, Some folds -> $"{last}{foldsMark}{folds}"
        | None, None -> last

    let private refuse name problem =
        raise (InputException $"Data set '{name}': {problem}.")

    let private folds name (number: string) =
        match Int32.TryParse number with
        | true, folds when folds >= 2 && folds <= mostFolds -> Folds folds
        | _ ->
            refuse
                name
                $"'@folds:{number}' is no cross-validation; write @folds:K with K from 2 to {mostFolds}"

    /// The data set's own name, options of its reader included, and how its rows are divided. Raises InputException for
    /// folds out of range or given twice, and for folds together with a site.
    let parse (name: string) =
        let rest, site = splitAt siteMark name
        let before, after = splitAt foldsMark rest

        match site, after with
        | None, None -> name, Own
        | Some site, None when not (site.Contains(foldsMark, StringComparison.Ordinal)) ->
            rest, SiteLeftOut site
        | None, Some after ->
            let number, others = splitAt "@" after

            match others with
            | Some others when ("@" + others).Contains(foldsMark, StringComparison.Ordinal) ->
                refuse name "'@folds' is there twice; write it once"
            | Some others -> $"{before}@{others}", folds name number
            | None -> before, folds name number
        | _ -> refuse name "'@folds' and '@site' both divide the rows; leave one out"
