/// The source file with which a new baseline starts.
module CausalDebiasing.Bench.Cli.BaselineFile

open System
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Baselines
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open TorchSharp

let private refuse problem remedy =
    raise (InputException $"{problem}; {remedy}.")

let private capitalised (word: string) =
    string (Char.ToUpperInvariant word[0]) + word.Substring 1

/// The class of an id: "my-model" gives "MyModel".
let className (id: string) =
    id.Split '-' |> Array.map capitalised |> String.concat ""

/// Names that a class beside the baselines would hide or clash with.
let private used =
    lazy
        ([ typeof<obj>; typeof<torch.Tensor>; typeof<Backbone>; typeof<ZeroFillMlp> ]
         |> Seq.collect _.Assembly.GetTypes()
         |> Seq.collect (fun known ->
             known.Name
             :: List.ofArray ((known.Namespace |> Option.ofObj |> Option.defaultValue "").Split '.'))
         |> Set.ofSeq)

/// At most 40 lines of C#: an encoder per modality, the mean of what is observed, a small network.
let text id =
    let name = className id

    $$"""using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>Say here what the method does, and cite its paper in the attribute: Year = ..., Paper = "arXiv:...".</summary>
[Baseline("{{id}}", Title = "{{capitalised (id.Replace('-', ' '))}}", Headline = true)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class {{name}} : Backbone
{
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    public {{name}}(BackboneContext context)
        : base(nameof({{name}}))
    {
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, context.Random);
        fusion = new(Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var vectors = encoders.Encode(batch); // [N, M, d], zero where a modality is missing
        // Your method goes here: make one vector per patient, [N, d], of the M vectors and batch.Mask [N, M].
        var patient = vectors.sum(1) / batch.Mask.sum(1, keepdim: true);
        return new(fusion.call(patient));
    }
}
"""

/// Writes the file of a new baseline and gives its path. Raises InputException when the id is not kebab-case or
/// taken, when its class would clash with another name, or when the file exists.
let create folder (taken: string list) (id: string) =
    if not (Regex.IsMatch(id, "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")) then
        refuse
            $"'{id}' cannot be the id of a baseline"
            "give lower-case words joined by hyphens, such as 'my-model'"

    if List.contains id taken then
        refuse $"There is a baseline '{id}' already" "choose another id, or delete its file first"

    let name = className id

    let file = Path.Combine(folder, name + ".cs")

    if File.Exists file then
        refuse $"'{file}' exists already" "choose another id, or delete the file first"

    if used.Value.Contains name then
        refuse
            $"'{id}' would make a class {name}, which is the name of something else"
            $"choose a longer id, such as '{id}-model'"

    AtomicFile.writeText file (text id)
    file
