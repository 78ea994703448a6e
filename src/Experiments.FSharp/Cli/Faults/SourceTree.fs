/// What needs a source tree of its own: builds beside each other, and baselines that do harm.
module CausalDebiasing.Bench.Cli.Faults.SourceTree

open System
open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Results

let private noTree () =
    match Repository.tryRoot () with
    | Some _ -> None
    | None -> Some "the program was not built in a source tree"

/// A baseline that leaves its process another than it was.
let private dirty =
    """using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using TorchSharp;

namespace CausalDebiasing.Baselines;

/// <summary>Changes what all baselines of its process share.</summary>
[Baseline("dirty")]
public sealed class Dirty(Hyperparameters hyperparameters) : IPredictor
{
    /// <inheritdoc/>
    public string Name => "dirty" + hyperparameters.GetHashCode();

    /// <inheritdoc/>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        torch.set_default_dtype(torch.float64);
        Directory.SetCurrentDirectory("/");
        Environment.SetEnvironmentVariable("DIRTY", "1");
    }

    /// <inheritdoc/>
    public float[] PredictProbability(Cohort cohort) => new float[cohort.Count];

    /// <inheritdoc/>
    public void Save(Stream destination) { }

    /// <inheritdoc/>
    public void Load(Stream source) { }

    /// <inheritdoc/>
    public void Dispose() { }
}
"""

/// A baseline that writes into the patients' values, which it may only read.
let private writing =
    dirty
        .Replace("\"dirty\"", "\"writing\"")
        .Replace("class Dirty", "class Writing")
        .Replace(
            "        torch.set_default_dtype(torch.float64);\n",
            "        System.Runtime.InteropServices.MemoryMarshal.GetReference(train.Values(0)) = 1e6f;\n"
        )
        .Replace("        Directory.SetCurrentDirectory(\"/\");\n", "")
        .Replace("        Environment.SetEnvironmentVariable(\"DIRTY\", \"1\");\n", "")

/// A baseline that cannot be made.
let private throwing =
    dirty
        .Replace("\"dirty\" + hyperparameters.GetHashCode()", "\"throwing\"")
        .Replace("\"dirty\"", "\"throwing\"")
        .Replace(
            "class Dirty(Hyperparameters hyperparameters) : IPredictor\n{\n",
            "class Throwing : IPredictor\n{\n    /// <summary>Fails.</summary>\n    /// <param name=\"hyperparameters\">Without meaning.</param>\n    public Throwing(Hyperparameters hyperparameters) => throw new InvalidOperationException(\"no such thing\");\n\n"
        )

let private isSource (root: string) (file: string) =
    Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
    |> Array.exists (fun part -> List.contains part [ "bin"; "obj"; "results"; ".git"; "artifacts" ])
    |> not

let private tree setting =
    let copy = Path.Combine(setting.Scratch, "source")

    match Repository.tryRoot () with
    | Some root when not (Directory.Exists copy) ->
        for file in
            Directory.GetFiles(root, "*", SearchOption.AllDirectories)
            |> Array.filter (isSource root) do
            let target = Path.Combine(copy, Path.GetRelativePath(root, file))
            Directory.CreateDirectory(string (Path.GetDirectoryName target)) |> ignore
            File.Copy(file, target)

        File.WriteAllText(Path.Combine(copy, "baselines", "Dirty.cs"), dirty)
        File.WriteAllText(Path.Combine(copy, "baselines", "Writing.cs"), writing)
        File.WriteAllText(Path.Combine(copy, "baselines", "Throwing.cs"), throwing)
    | _ -> ()

    copy

let private script setting arguments =
    let file = Path.Combine(tree setting, "build.fsx")
    Play.start (SmallGrid.environment setting) "dotnet" ([ "fsi"; file ] @ arguments)

/// Both start when the tree has changed.
let private twoAtOnce setting _ =
    let edited = Path.Combine(tree setting, "baselines", "Dirty.cs")
    File.AppendAllText(edited, $"// {setting.Random.Next()}\n")

    [ script setting [ "help" ]; script setting [ "help" ] ]
    |> List.map (fun (running: Play.Running) -> running.Wait(TimeSpan.FromMinutes 20.))
    |> List.tryFind (fun ended -> ended.Code <> 0)
    |> Option.map Play.describe

let private others folder =
    SmallGrid.finished folder
    |> Set.filter (fun cell -> cell.Cell.StartsWith("logistic", StringComparison.Ordinal))

let private beside baseline setting folder =
    let arguments =
        SmallGrid.sweep setting setting.Manifest folder
        |> List.collect (fun word -> if word = "logistic" then [ baseline; word ] else [ word ])
        |> List.map (fun word ->
            if word = Variant.name SmallGrid.reweighted then
                Variant.name Variant.plain
            else
                word)

    let ended = (script setting (arguments @ [ "--jobs"; "1" ])).Wait Play.patience

    let expected =
        SmallGrid.kept setting.Finished
        |> Set.filter _.Cell.Contains($" {Variant.plain} ")

    Case.require (others folder = expected) $"the next baseline has other numbers: {Play.describe ended}"

let private isNamed (text: string) =
    text.Contains "'throwing'"
    && text.Contains "no such thing"
    && not (text.Contains "defect")

let private besideThrowing setting folder =
    let listed = (script setting [ "baselines" ]).Wait Play.patience
    let problem = beside "throwing" setting folder

    let reasons =
        Store.results (Store.read folder)
        |> Seq.filter (fun stored -> stored.Result.Cell.Baseline = "throwing")
        |> Seq.map _.Result.Error
        |> List.ofSeq

    Case.first [
        fun () ->
            Case.require
                (listed.Code = Exit.BadInput && isNamed (List.last listed.Errors))
                $"baselines: {Play.describe listed}"
        fun () -> problem
        fun () -> Case.require (not reasons.IsEmpty && List.forall isNamed reasons) $"its cells say {reasons}"
    ]

let private create name whole attempt = {
    Case.create name 0 whole attempt with
        Obstacle = noTree
}

let cases = [
    create "two build.fsx at once after an edit" 1 twoAtOnce
    create "baseline that changes its process" 1 (beside "dirty")
    create "baseline that writes into the patients' values" 1 (beside "writing")
    create "baseline whose constructor throws" 1 besideThrowing
]
