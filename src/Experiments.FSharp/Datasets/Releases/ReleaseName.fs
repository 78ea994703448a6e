namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Runtime

/// Options of a data set in its name: "eicu-demo@hour:12@time" predicts at hour 12 and tests on the later period.
type ReleaseName = {
    /// The name without options.
    Basis: string
    /// Hours from admission to prediction.
    Hour: int option
    InTime: bool
}

module ReleaseName =
    let private hourMark = "hour:"

    let private refuse name (option: string) =
        raise (
            InputException
                $"Data set '{name}': '@{option}' is no option of it; write @hour:H with H from 1 to 240, @time, @folds:K or @site:SITE."
        )

    /// Raises InputException for options that do not exist.
    let parse (name: string) =
        match List.ofArray (name.Split '@') with
        | [] -> invalidOp "Split gives at least one part."
        | basis :: options ->
            ({
                Basis = basis
                Hour = None
                InTime = false
             },
             options)
            ||> List.fold (fun parsed option ->
                if option = "time" then
                    { parsed with InTime = true }
                elif option.StartsWith(hourMark, StringComparison.Ordinal) then
                    match Int32.TryParse option[hourMark.Length ..] with
                    | true, hour when hour >= 1 && hour <= 240 -> { parsed with Hour = Some hour }
                    | _ -> refuse name option
                else
                    refuse name option)

    /// The release and the variant of it that a name begins with, and the name's options; none when no variant has that name.
    /// Raises InputException for options that do not exist.
    let tryFind (releases: 'release list) (variants: 'release -> (string * 'variant) list) (name: string) =
        let basis = (name.Split '@')[0]

        releases
        |> List.collect (fun release ->
            variants release |> List.map (fun (own, variant) -> own, (release, variant)))
        |> List.tryFind (fun (own, _) -> own = basis)
        |> Option.map (fun (_, (release, variant)) -> release, variant, parse name)
