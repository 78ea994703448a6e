module CausalDebiasing.Tests.Shifts.MissingnessRateTests

open System.Numerics
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private kinds = [ Mcar; Mar; MnarSelf; MnarLatent; OutcomeLinked; Acquisition ]
let private rates = [ 0.1; 0.3; 0.5; 0.7 ]
let private rows = 10_000

let private model =
    AcquisitionModel.create AcquisitionScenario.standard 1. (Seed 3UL)

let private patients =
    AcquisitionModel.patients model (Seed 4UL) rows
    |> AcquisitionConfounder.draw model InDistribution 0.7 (Seed 4UL)

let private values =
    lazy (Array.init 4 (AcquisitionModel.values model patients [ patients.Confounder ] (Seed 4UL)))

let private condition kind strength rate = {
    spec "acquisition" 3 with
        Mechanism = kind
        MechanismStrength = strength
        MissingRate = Some rate
}

let private mechanismOf spec =
    (AcquisitionMissingness.create model spec)[InDistribution]

let private driversOf mechanism =
    AcquisitionMissingness.drivers patients mechanism (fun k ->
        AcquisitionMissingness.projectBlock (values.Force()[k]))

let private share flags =
    (flags |> Array.sumBy (fun observed -> if observed then 0. else 1.))
    / float flags.Length

/// Expected missing rate of the sample by the stated pattern probabilities.
let private expectedRate mechanism drivers =
    seq { 1..15 }
    |> Seq.sumBy (fun pattern ->
        float (4 - BitOperations.PopCount(uint32 pattern)) / 4.
        * (MissingnessMechanism.probabilities mechanism drivers (Array.create rows pattern)
           |> Array.average))

let private reached kind strength rate =
    testCase $"{Mechanism.name kind}, strength {strength}, rate {rate}"
    <| fun () ->
        let mechanism = mechanismOf (condition kind strength rate)
        let drivers = driversOf mechanism
        let mask = MissingnessRate.hide rate mechanism drivers (Seed 5UL)
        Expect.isLessThan (abs (share mask - rate)) 0.0005 "missing rate of the sample"

        Expect.isTrue
            (mask |> Array.chunkBySize 4 |> Array.forall (Array.exists id))
            "every row keeps a modality"

        Expect.isLessThan (abs (expectedRate mechanism drivers - rate)) 0.01 "rate of the intercepts"

[<Tests>]
let tests =
    testList "Shifts.rate" [
        testList "is reached" [
            for kind in kinds do
                for strength in [ 0.; 0.5; 1.; 2. ] do
                    for rate in rates do
                        reached kind strength rate
        ]

        testCase "MAR always keeps the first modality"
        <| fun () ->
            let mechanism = mechanismOf (condition Mar 2. 0.7)
            let mask = MissingnessRate.hide 0.7 mechanism (driversOf mechanism) (Seed 5UL)
            Expect.isTrue (mask |> Array.chunkBySize 4 |> Array.forall Array.head) "first modality"

        testCase "the scores of value mechanisms have unit variance and the asked slope"
        <| fun () ->
            for kind in [ Mar; MnarSelf ] do
                let mechanism = mechanismOf (condition kind 2. 0.3)
                let logits = MissingnessMechanism.logits mechanism (driversOf mechanism)

                for m in 1..3 do
                    let column = Array.init rows (fun i -> logits[i * 4 + m])
                    let sd = MathNet.Numerics.Statistics.ArrayStatistics.StandardDeviation column
                    Expect.isLessThan (abs (sd - 2.)) 0.1 $"{Mechanism.name kind}, modality {m + 1}"

        testCase "a rate of zero hides nothing"
        <| fun () ->
            let mechanism = mechanismOf (condition Acquisition 1. 0.)

            MissingnessRate.hide 0. mechanism (driversOf mechanism) (Seed 5UL)
            |> Array.forall id
            |> fun all -> Expect.isTrue all "mask"

        testCase "a rate that cannot be reached names the option and the bound"
        <| fun () ->
            for rate in [ 0.75; 0.9 ] do
                try
                    mechanismOf (condition Mcar 0. rate) |> ignore
                    failtest "accepted"
                with :? InputException as error ->
                    Expect.stringContains error.Message "--missing-rate" "option"
                    Expect.stringContains error.Message "0.75" "bound"

        testProperty "a higher rate never shows what a lower rate hides, under MCAR and without restored rows"
        <| fun (seed: uint16) ->
            let low, high =
                let draw rate =
                    MissingnessRate.hide
                        rate
                        (MissingnessRate.fitMcar rate 4)
                        {
                            patients with
                                Outcome = Array.truncate 200 patients.Outcome
                                Confounder = Array.truncate 200 patients.Confounder
                                Latent = Array.truncate 1600 patients.Latent
                        }
                        (Seed(uint64 seed))

                Array.chunkBySize 4 (draw 0.2), Array.chunkBySize 4 (draw 0.4)

            Array.forall2
                (fun (l: bool[]) (h: bool[]) ->
                    Array.sumBy (fun o -> if o then 1 else 0) h = 1
                    || Array.forall2 (fun l h -> l || not h) l h)
                low
                high
    ]
