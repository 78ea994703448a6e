namespace CausalDebiasing.Bench.Running

open System
open System.Collections
open System.Globalization
open System.IO
open TorchSharp
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

/// What all cells of a process share, so that a baseline that changes it changes the numbers of the next.
type ProcessState = {
    DefaultType: torch.ScalarType
    Threads: int
    IsGradientKept: bool
    Folder: string
    Culture: CultureInfo
    Environment: Map<string, string>
}

module ProcessState =
    /// Name of the diagnostic that says what a cell changed.
    let diagnostic = "process.changed"

    let private folder () =
        try
            Directory.GetCurrentDirectory()
        with :? IOException ->
            "a deleted folder"

    let private environment () =
        Map [
            for entry in Seq.cast<DictionaryEntry>(Environment.GetEnvironmentVariables()) ->
                string entry.Key, string entry.Value
        ]

    /// The state now. Whether gradients are kept is a matter of the calling thread.
    let capture () = {
        DefaultType = torch.get_default_dtype ()
        Threads = TorchRuntime.Threads
        IsGradientKept = torch.is_grad_enabled ()
        Folder = folder ()
        Culture = CultureInfo.CurrentCulture
        Environment = environment ()
    }

    let private changedVariables (before: Map<string, string>) (after: Map<string, string>) =
        Seq.append before.Keys after.Keys
        |> Seq.distinct
        |> Seq.filter (fun name -> Map.tryFind name before <> Map.tryFind name after)
        |> List.ofSeq

    /// What differs, a few words each.
    let changes before after = [
        if after.DefaultType <> before.DefaultType then
            $"default type {before.DefaultType} -> {after.DefaultType}"
        if after.Threads <> before.Threads then
            $"threads for tensors {before.Threads} -> {after.Threads}"
        if after.IsGradientKept <> before.IsGradientKept then
            $"gradients kept {before.IsGradientKept} -> {after.IsGradientKept}"
        if after.Folder <> before.Folder then
            "current folder"
        if after.Culture.Name <> before.Culture.Name then
            $"culture '{before.Culture.Name}' -> '{after.Culture.Name}'"
        for name in changedVariables before.Environment after.Environment do
            $"environment variable {name}"
    ]

    /// Makes the state what it was.
    let restore before =
        torch.set_default_dtype before.DefaultType
        TorchRuntime.Threads <- before.Threads
        torch.set_grad_enabled before.IsGradientKept |> ignore

        if Directory.Exists before.Folder then
            Directory.SetCurrentDirectory before.Folder

        CultureInfo.CurrentCulture <- before.Culture

        for name in changedVariables before.Environment (environment ()) do
            Environment.SetEnvironmentVariable(name, Option.toObj (Map.tryFind name before.Environment))

    /// Whether the process that computed a result is not what it was before.
    let isChangedBy (result: CellResult) =
        result.Diagnostics.ContainsKey diagnostic
