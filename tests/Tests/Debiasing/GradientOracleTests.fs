module CausalDebiasing.Tests.Debiasing.GradientOracleTests

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Debiasing
open Expecto
open TorchSharp
open CausalDebiasing.Networks

type Input = { Shape: int64[]; Values: float[] }

type Case = {
    Name: string
    Inputs: Map<string, Input>
    Value: float
    Gradients: Map<string, float[]>
}

type Oracle = { Q: float; Cases: Case[] }

let private oracle =
    let path = Path.Combine(AppContext.BaseDirectory, "gradients.json")

    nonNull
    <| JsonSerializer.Deserialize<Oracle>(
        File.ReadAllText path,
        JsonSerializerOptions(PropertyNameCaseInsensitive = true)
    )

/// What the core computes for a case, as a scalar.
let private evaluate name (t: Map<string, torch.Tensor>) =
    match name with
    | "BinaryCrossEntropy" -> Losses.BinaryCrossEntropy(t["logit"], t["y"]).sum()
    | "AmplifiedCrossEntropy" -> Losses.AmplifiedCrossEntropy(t["logit"], t["y"], oracle.Q).sum()
    | "UniformKl" -> Losses.UniformKl(t["logit"]).sum()
    | "CrossCovariance" -> Losses.CrossCovariance(t["zc"], t["zb"])
    | "JensenShannon" -> Losses.JensenShannon(t["p"], t["q"]).sum()
    | "ExactMarginal" -> Losses.ExactMarginal(t["logits"], t["prior"]).sum()
    | "MarginalBinaryCrossEntropy" ->
        Losses.MarginalBinaryCrossEntropy(Losses.ExactMarginal(t["logits"], t["prior"]), t["y"]).sum()
    | "Deconfounder" ->
        let h, e = t["h"], t["e"]
        let n, r = h.shape[0], e.shape[0]

        let joined =
            torch.cat ([| h.unsqueeze(1).expand(n, r, -1L); e.unsqueeze(0).expand(n, r, -1L) |], 2L)

        let marginal = Losses.ExactMarginal(joined.matmul t["W"], t["prior"])
        Losses.MarginalBinaryCrossEntropy(marginal, t["y"]).sum()
    | other -> failtestf "The oracle holds '%s', which no loss of the core answers to." other

let private agree (actual: float) expected message =
    Expect.isLessThanOrEqual (abs (actual - expected)) (1e-9 * abs expected + 1e-15) message

[<Tests>]
let tests =
    testSequenced
    <| testList "Gradient oracle" [
        for case in oracle.Cases do
            test case.Name {
                use _ = torch.NewDisposeScope()

                let tensors =
                    case.Inputs
                    |> Map.map (fun key input ->
                        torch
                            .tensor(input.Values, dtype = torch.float64)
                            .reshape(input.Shape)
                            .requires_grad_(case.Gradients.ContainsKey key))

                let value = evaluate case.Name tensors
                agree (value.ToDouble()) case.Value "value"
                value.backward ()

                for KeyValue(key, expected) in case.Gradients do
                    let gradient = (nonNull tensors[key].grad).data<double>().ToArray()
                    Expect.hasLength gradient expected.Length key
                    Array.iteri2 (fun i a b -> agree a b $"gradient of {key}, entry {i}") gradient expected
            }
        test "covers every public loss" {
            let names = oracle.Cases |> Array.map _.Name |> Set.ofArray

            for method in typeof<Losses>.GetMethods() do
                if method.IsStatic && method.DeclaringType = typeof<Losses> then
                    Expect.contains names method.Name "in the oracle"
        }
    ]
