namespace CausalDebiasing.Bench.Datasets

open System

/// How conditions name a real data set: "heart-uci", a manifest's or a cohort folder's path, and with a site that is
/// tested on and not trained on "heart-uci@site:va".
module DatasetName =
    let private mark = "@site:"

    /// The data set without and with a site left out.
    let leaveOut name (site: string) = $"{name}{mark}{site}"

    /// The data set's own name and the site that is left out.
    let parse (name: string) =
        match name.IndexOf(mark, StringComparison.Ordinal) with
        | -1 -> name, None
        | at -> name[.. at - 1], Some name[at + mark.Length ..]
