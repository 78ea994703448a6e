// Recomputes value and gradient of the core's losses with DiffSharp, in float64, from textbook formulas, and
// writes them with their inputs to gradients.json beside this script. README.md says how to run it.
#if !LOCAL_DIFFSHARP
#r "nuget: DiffSharp.Core, 1.0.7"
#r "nuget: DiffSharp.Backends.Reference, 1.0.7"
#endif

open System
open System.Collections.Generic
open System.IO
open System.Reflection
open System.Text.Encodings.Web
open System.Text.Json
open DiffSharp

dsharp.config (dtype = Dtype.Float64, backend = Backend.Reference)

type Input = { Shape: int[]; Values: float[] }

type Case = {
    Name: string
    Inputs: IDictionary<string, Input>
    Value: float
    Gradients: IDictionary<string, float[]>
}

type Oracle = {
    DiffSharp: string
    Dtype: string
    Q: float
    Cases: Case list
}

let random = Random 20240607

let draw shape low high = {
    Shape = shape
    Values = Array.init (Array.fold (*) 1 shape) (fun _ -> low + (high - low) * random.NextDouble())
}

let labels n = {
    Shape = [| n |]
    Values = Array.init n (fun _ -> float (random.Next 2))
}

let distribution n =
    let raw = draw [| n |] 0.2 1.0

    {
        raw with
            Values = raw.Values |> Array.map (fun p -> p / Array.sum raw.Values)
    }

let constant (input: Input) =
    dsharp.tensor(input.Values, dtype = Dtype.Float64).view input.Shape

/// Value of a scalar function of the inputs and its gradient with respect to each of the named ones.
let case name (inputs: (string * Input) list) differentiated (f: Map<string, Tensor> -> Tensor) =
    let constants =
        inputs |> List.map (fun (key, input) -> key, constant input) |> Map.ofList

    let gradient key =
        let input = List.find (fst >> (=) key) inputs |> snd

        let gradient =
            dsharp.grad
                (fun (flat: Tensor) -> f (constants.Add(key, flat.view input.Shape)))
                (dsharp.tensor (input.Values, dtype = Dtype.Float64))

        Array.init input.Values.Length (fun i -> gradient[i].toDouble())

    {
        Name = name
        Inputs = dict inputs
        Value = (f constants).toDouble()
        Gradients = dict [ for key in differentiated -> key, gradient key ]
    }

let probability (y: Tensor) (logit: Tensor) =
    y * dsharp.sigmoid logit + (1.0 - y) * (1.0 - dsharp.sigmoid logit)

let crossEntropy (y: Tensor) (p: Tensor) =
    -(y * dsharp.log p + (1.0 - y) * dsharp.log (1.0 - p)).sum()

let q = 0.7

let logit, y = draw [| 12 |] -4.0 4.0, labels 12
let rows = [ "logit", logit; "y", y ]

/// p_y^q as plain numbers: the released form of the loss holds it constant.
let amplification =
    Array.map2 (fun x y -> (1.0 / (1.0 + exp (-(2.0 * y - 1.0) * x))) ** q) logit.Values y.Values
    |> fun values -> constant { logit with Values = values }

let centre n =
    dsharp.eye n - dsharp.ones [ n; n ] / float n

let zc, zb = draw [| 7; 3 |] -1.5 1.5, draw [| 7; 2 |] -1.5 1.5

let jensenShannon (p: Tensor) (q: Tensor) =
    let relative (a: Tensor) (b: Tensor) =
        a * dsharp.log (a / b) + (1.0 - a) * dsharp.log ((1.0 - a) / (1.0 - b))

    let middle = (p + q) / 2.0
    ((relative p middle + relative q middle) / 2.0).sum()

let patterns = [ "logits", draw [| 6; 4 |] -4.0 4.0; "prior", distribution 4; "y", labels 6 ]

let marginal (logits: Tensor) (prior: Tensor) =
    (dsharp.sigmoid logits * prior.unsqueeze 0).sum 1

/// The deconfounder with a linear head on [h; e_r]: w.[h; e_r] is the sum of a part of h and one of e_r.
let deconfounded (t: Map<string, Tensor>) =
    let h, e, w = t["h"], t["e"], t["W"]
    let n, r = h.shape[0], e.shape[0]

    let d = h.shape[1]
    let ofH = (h * w[.. d - 1].unsqueeze 0).sum 1
    let ofE = (e * w[d..].unsqueeze 0).sum 1
    let logits = (ofH.unsqueeze 1).expand [ n; r ] + (ofE.unsqueeze 0).expand [ n; r ]
    crossEntropy t["y"] (marginal logits t["prior"])

let cases = [
    case "BinaryCrossEntropy" rows [ "logit" ] (fun t -> crossEntropy t["y"] (dsharp.sigmoid t["logit"]))
    case "AmplifiedCrossEntropy" rows [ "logit" ] (fun t ->
        -(q * amplification * dsharp.log (probability t["y"] t["logit"])).sum())
    case "UniformKl" rows[..0] [ "logit" ] (fun t ->
        let p = dsharp.sigmoid t["logit"]
        (0.5 * dsharp.log (0.5 / p) + 0.5 * dsharp.log (0.5 / (1.0 - p))).sum())
    case "CrossCovariance" [ "zc", zc; "zb", zb ] [ "zc"; "zb" ] (fun t ->
        let covariance = t["zc"].transpose().matmul(centre 7).matmul(t["zb"]) / 7.0
        (covariance * covariance).mean())
    case "JensenShannon" [ "p", draw [| 9 |] 0.02 0.98; "q", draw [| 9 |] 0.02 0.98 ] [ "p"; "q" ] (fun t ->
        jensenShannon t["p"] t["q"])
    case "ExactMarginal" patterns[..1] [ "logits"; "prior" ] (fun t ->
        (marginal t["logits"] t["prior"]).sum())
    case "MarginalBinaryCrossEntropy" patterns [ "logits" ] (fun t ->
        crossEntropy t["y"] (marginal t["logits"] t["prior"]))
    case
        "Deconfounder"
        [
            "h", draw [| 6; 3 |] -2.0 2.0
            "e", draw [| 4; 2 |] -2.0 2.0
            "W", draw [| 5 |] -1.5 1.5
            "prior", distribution 4
            "y", labels 6
        ]
        [ "h"; "e"; "W" ]
        deconfounded
]

let version =
    typeof<Tensor>.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion

let options =
    JsonSerializerOptions(
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    )

File.WriteAllText(
    Path.Combine(__SOURCE_DIRECTORY__, "gradients.json"),
    JsonSerializer.Serialize(
        {
            DiffSharp = version
            Dtype = "float64"
            Q = q
            Cases = cases
        },
        options
    )
    + "\n"
)
