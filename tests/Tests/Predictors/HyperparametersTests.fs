module CausalDebiasing.Tests.Predictors.HyperparametersTests

open System
open Expecto
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private rate =
    HyperparameterAttribute("lr", 1e-3, 1e-4, 1e-1, Logarithmic = true)

let private drop = HyperparameterAttribute("drop", 0.3, 0.0, 0.6)

let private width =
    HyperparameterAttribute("width", 32.0, 16.0, 128.0, Logarithmic = true, Step = 8.0)

let private draws count declared =
    List.init count (fun i -> Hyperparameters.Draw(declared, (Seed 3UL).Derive("draw", i)))

[<Tests>]
let tests =
    testList "hyper-parameters" [
        testCase "declaring another changes no draw"
        <| fun () ->
            for few, more in List.zip (draws 20 [ rate; drop ]) (draws 20 [ width; rate; drop ]) do
                Expect.equal (more["lr"], more["drop"]) (few["lr"], few["drop"]) "named generators"

        testCase "draws are uniform in the range, or in its logarithm"
        <| fun () ->
            let drawn = draws 4000 [ rate; drop ]

            let share below name =
                drawn |> List.averageBy (fun d -> if d[name] < below then 1. else 0.)

            Expect.floatClose
                { absolute = 0.03; relative = 0. }
                (share 1e-3 "lr")
                (1. / 3.)
                "a decade of three"

            Expect.floatClose
                { absolute = 0.03; relative = 0. }
                (share 0.15 "drop")
                0.25
                "a quarter of the range"

            Expect.all drawn (fun d -> d["lr"] >= 1e-4 && d["lr"] <= 1e-1) "in range"

        testCase "stepped draws are multiples in the range"
        <| fun () ->
            let drawn = draws 200 [ width ] |> List.map (fun d -> d["width"]) |> List.distinct
            Expect.all drawn (fun w -> w % 8. = 0. && w >= 16. && w <= 128.) "multiples of 8 from 16 to 128"
            Expect.isGreaterThan drawn.Length 8 "many of them"

        testCase "the first candidate is the defaults, and methods draw their own"
        <| fun () ->
            let candidate (id: string) number =
                Toy.catalog.Find(id).Candidate(Seed 1UL, number)

            Expect.isEmpty (candidate "mt" 0) "defaults"
            Expect.notEqual (candidate "mt" 1).["lr"] (candidate "mt" 2).["lr"] "another candidate"
            Expect.notEqual (candidate "mt" 1).["lr"] (candidate "fin" 1).["lr"] "another method"

        for baseline in Toy.catalog do
            testCase
                $"{baseline.Info.Id} declares its defaults within their ranges and draws what it can be built from"
            <| fun () ->
                for parameter in baseline.Hyperparameters do
                    Expect.isTrue
                        (parameter.Low <= parameter.Default && parameter.Default <= parameter.High)
                        parameter.Name

                    if parameter.Step > 0. then
                        Expect.equal (Math.IEEERemainder(parameter.Default, parameter.Step)) 0. parameter.Name

                for number in 1..5 do
                    use predictor = baseline.Create(baseline.Candidate(Seed 2UL, number))

                    match predictor with
                    | :? NeuralPredictor as network ->
                        Expect.isGreaterThan
                            (network.CountParameters(List.toArray Toy.standard.Modalities))
                            0L
                            "builds"
                    | _ -> ()
    ]
