module CausalDebiasing.Tests.Debiasing.GroupObjectiveTests

open System
open System.IO
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Training
open CausalDebiasing.Tests.Support

let private presets = [ "groupdro-pattern"; "groupdro-site"; "irm"; "vrex"; "coral"; "jtt" ]

/// At three sites out of four one feature follows the outcome strongly; at the fourth, with a tenth of the rows, it
/// does the opposite. Another feature follows it weakly everywhere.
let private unequal seed =
    let random = Random(Seed(uint64 seed).ToInt32())
    let rows = 800

    let normal () =
        sqrt (-2. * log (1. - random.NextDouble()))
        * cos (2. * Math.PI * random.NextDouble())

    let labels = Array.init rows (fun _ -> float32 (random.Next 2))
    let sites = Array.init rows (fun row -> if row % 10 = 0 then 3 else row % 3)

    let values = [|
        for row in 0 .. rows - 1 do
            let sign = 2. * float labels[row] - 1.
            let strong = if sites[row] = 3 then -1. else 1.
            float32 (1.2 * sign * strong + normal ())
            float32 (0.8 * sign + normal ())
    |]

    Cohort(
        [| Modality.Tabular("features", 2) |],
        [| values |],
        Array.create rows true,
        labels,
        sites,
        [| "a"; "b"; "c"; "d" |],
        Array.init rows int64
    )

let private worstSite (predictor: IPredictor) (test: Cohort) =
    let probabilities = predictor.PredictProbability test
    let sites = test.Sites.ToArray()

    List.max [
        for site in 0..3 do
            let rows = [| 0 .. test.Count - 1 |] |> Array.filter (fun row -> sites[row] = site)

            LogLoss.Compute(
                (test.Select rows).Labels,
                ReadOnlySpan(rows |> Array.map (fun row -> probabilities[row]))
            )
    ]

let private fitted options (train: Cohort) validation =
    let predictor =
        CausalDebias.Wrap(Toy.create "zero-fill-mlp", options): DebiasedPredictor

    predictor.Fit(train, validation, Toy.context 5)
    predictor

let private wrap id (options: DebiasOptions) () =
    CausalDebias.Wrap(Toy.create id, options)

/// The worst site's log loss after training to the end: selection by mean risk would not favour it.
let private worstRisk objective =
    let options =
        DebiasOptions(GroupObjective = objective, Selection = Nullable SelectionRule.LastEpoch)

    use predictor = fitted options (unequal 1) (unequal 2)
    worstSite predictor (unequal 3)

[<Tests>]
let tests =
    Trained.tests "group objectives" [
        testCase "GroupDRO and V-REx serve the worst site better than the mean loss does"
        <| fun () ->
            let plain = worstRisk GroupObjective.None

            for objective in [ GroupObjective.GroupDroSites; GroupObjective.VRex ] do
                Expect.isLessThan (worstRisk objective) (0.9 * plain) $"{objective}"

        testCase "wrapped networks repeat bit for bit and survive a round trip"
        <| fun () ->
            let train, validation, test = Toy.draws { Toy.standard with Rows = 150 }

            for preset in presets do
                let options = DebiasOptions.Presets[preset]
                use first = fitted options train validation
                use second = fitted options train validation
                use stream = new MemoryStream()
                first.Save stream
                stream.Position <- 0L
                use restored = CausalDebias.Wrap(Toy.create "zero-fill-mlp", options)
                restored.Load stream
                let expected = first.PredictProbability test
                Expect.equal (second.PredictProbability test) expected $"{preset} again"
                Expect.equal (restored.PredictProbability test) expected $"{preset} from its file"

        testCase "rows of one site cannot be compared"
        <| fun () ->
            let train = unequal 1
            let alone = train.WithSites(Array.create train.Count 1, [| "a"; "b" |])

            for preset in [ "groupdro-site"; "irm"; "vrex"; "coral" ] do
                let said =
                    InputErrors.message (fun () -> fitted DebiasOptions.Presets[preset] alone (unequal 2))

                Expect.stringContains said "all 800 training rows come from 'b'" preset

        testCase "features are swapped before the epoch that validation keeps"
        <| fun () ->
            let train, validation, test =
                Toy.draws {
                    Toy.standard with
                        Rows = 6000
                        Shift = 0.3
                }

            let predict (options: DebiasOptions) =
                use predictor = fitted options train validation
                predictor.PredictProbability test

            let dfa, lff = DebiasOptions.Presets["db-dfa"], DebiasOptions.Presets["db-lff"]
            let without = predict lff
            Expect.notEqual (predict dfa) without "with swaps and without"

            let late = DebiasOptions(Branch = BranchMethod.RelativeDifficulty, SwapStart = 0.3)

            Expect.equal (predict late) without "later they come after that epoch"

        testCase "predictors without a representation refuse what acts on one"
        <| fun () ->
            for preset in presets @ [ "db-dfa"; "db-lff"; "db-cal" ] do
                let options = DebiasOptions.Presets[preset]
                Expect.equal options.NeedsRepresentation (preset <> "jtt") preset

                if options.NeedsRepresentation then
                    Expect.stringContains
                        (InputErrors.message (wrap "logistic" options))
                        "'logistic' has no representation"
                        preset

            (wrap "logistic" DebiasOptions.Presets["jtt"] ()).Dispose()
            (wrap "logistic" DebiasOptions.PaperReconstruction ()).Dispose()

        testCase "heads are not combined"
        <| fun () ->
            for options in
                [
                    DebiasOptions(
                        GroupObjective = GroupObjective.Irm,
                        Branch = BranchMethod.RelativeDifficulty
                    )
                    DebiasOptions(GroupObjective = GroupObjective.Irm, Adjustment = PatternAdjustment.Exact)
                    DebiasOptions(Branch = BranchMethod.AttentionSplit, Adjustment = PatternAdjustment.Exact)
                ] do
                Expect.stringContains
                    (InputErrors.message (wrap "mt" options))
                    "leave out all but one"
                    "refused"
    ]
