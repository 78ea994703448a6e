module CausalDebiasing.Tests.Worlds.WorldCatalogTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private rejects (spec: DataSpec) expected =
    try
        (WorldCatalog.tryFind spec.Dataset).Value spec |> ignore
        failtest $"accepted what should name {expected}"
    with :? InputException as error ->
        Expect.stringContains error.Message expected "message"
        Expect.isFalse (error.Message.Contains '\n') "one line"

[<Tests>]
let tests =
    testList "Worlds.catalog" [
        testCase "every name is found and gives a study"
        <| fun () ->
            Expect.equal
                WorldCatalog.names
                ((AcquisitionScenario.all |> List.map _.Name)
                 @ [ "world-a"; "world-b"; "world-c" ]
                 @ (HospitalSetting.all |> List.map _.Name))
                "names"

            for name in WorldCatalog.names do
                let study =
                    (WorldCatalog.tryFind name).Value {
                        spec name 1 with
                            TrainSize = Some 40
                            MissingRate = None
                    }

                Expect.equal study.Train.Count 40 name
                Expect.isLessThan (abs (study.Validation.MissingRate - 0.3)) 0.002 "the default rate"

        testCase "an unknown name is not found"
        <| fun () -> Expect.isNone (WorldCatalog.tryFind "world-d") "none"

        testCase "numbers out of range name their option"
        <| fun () ->
            let good = spec "acquisition" 1

            rejects
                { good with MissingRate = Some 1.2 }
                "--missing-rate 1.2 is out of range: give a share of at least 0 and below 1"

            rejects { good with MissingRate = Some -0.1 } "--missing-rate"
            rejects { good with MissingRate = Some nan } "--missing-rate"
            rejects { good with MissingRate = Some 0.8 } "less than 0.75"
            rejects { good with Confounding = 1.01 } "--confounding"
            rejects { good with Signal = 0. } "--signal"
            rejects { good with MechanismStrength = nan } "--mechanism-strength"
            rejects { good with TrainSize = Some 0 } "--train-size"

        testCase "worlds with a mechanism of their own take no other"
        <| fun () ->
            for name in [ "world-a"; "world-b"; "world-c"; "hospital-both" ] do
                rejects { spec name 1 with Mechanism = Mar } "--mechanism mar"

            let own = {
                spec "world-b" 1 with
                    Mechanism = MnarLatent
                    TrainSize = Some 40
            }

            Expect.equal ((WorldCatalog.tryFind "world-b").Value own).Train.Count 40 "own mechanism"
    ]
