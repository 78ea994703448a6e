module CausalDebiasing.Tests.Debiasing.FitReportTests

open System
open System.IO
open Expecto
open CausalDebiasing
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support

let private cohort rows =
    Toy.cohort { Toy.standard with Rows = rows }

let private codes options isNetwork report = [
    for warning in AssumptionChecks.Of(cohort 600, options, isNetwork, report) -> warning.Code
]

let private kinds degreesOfFreedom =
    PracticeEvidence(
        Kinds = 2,
        States = 3,
        Z = 5.0,
        ZOverStates = 4.0,
        Separations = [| 1.5; 0.75 |],
        Recorded = 0.6,
        Heterogeneity = SiteHeterogeneity(2.0, degreesOfFreedom)
    )

let private searched count cost (evidence: PracticeEvidence[]) =
    FitReport(Practice = PracticeReport(count, cost, evidence))

let private none = Nullable<PartCost>()

[<Tests>]
let tests =
    Trained.tests "fit report" [
        testCase "its texts keep their names and digits"
        <| fun () ->
            let report =
                FitReport(
                    Patterns = 7,
                    PatternCost = Nullable(PartCost(1.5, 0.25, -0.125)),
                    Practice = PracticeReport(0, Nullable(PartCost(-2.345, -0.0125, nan)), [| kinds 3 |]),
                    FirstErrors = Nullable 0.25,
                    EffectiveShare = Nullable 0.1996,
                    Warnings = [|
                        FitWarning(FitWarningCode.FewEvents, "One.")
                        FitWarning(FitWarningCode.RarePatterns, "Two.")
                    |],
                    Recalibrations =
                        Nullable<struct (Recalibration * Recalibration)>(
                            struct (Recalibration(0.9, 0.05, 1.0), Recalibration(0.8, 0.04, 1.25))
                        )
                )

            let texts = [ for pair in FitReportText.Of report -> $"{pair.Key}={pair.Value}" ]

            Expect.equal
                (List.sort texts)
                (List.sort [
                    "patterns.kept=7"
                    "patterns.cost.fit=1.50"
                    "patterns.cost.id=-0.250"
                    "patterns.cost.out=0.125"
                    "practice.count=0"
                    "practice.cost.fit=-2.35"
                    "practice.cost.id=0.013"
                    "practice.cost.out=NaN"
                    "practice.1.kinds=2"
                    "practice.1.states=3"
                    "practice.1.z=5.00"
                    "practice.1.q=2.00"
                    "practice.1.df=3"
                    "practice.1.p=0.572"
                    "practice.1.z.states=4.00"
                    "practice.1.separations=1.50 0.75"
                    "practice.1.recorded=0.60"
                    "practice.1.along.states=0.00"
                    "practice.1.doubt=sites do not differ in how they relate to the outcome"
                    "jtt.errors=0.250"
                    "weights.ess=0.200"
                    "warnings=One. Two."
                    "recalibration.slope=0.900"
                    "recalibration.intercept=0.050"
                    "recalibration.share=1.250"
                ])
                "texts"

        testCase "warnings are made of numbers, not of their texts"
        <| fun () ->
            let plain = DebiasOptions()

            Expect.equal
                (codes plain true (FitReport(EffectiveShare = Nullable 0.1996)))
                [ FitWarningCode.SmallEffectiveSample ]
                "0.1996 is below 0.2, also where it is written 0.200"

            Expect.isEmpty (codes plain true (FitReport(EffectiveShare = Nullable 0.2))) "0.2"
            Expect.isEmpty (codes plain true (FitReport())) "no weights"

        testCase "each warning has its code"
        <| fun () ->
            let evident = DebiasOptions(Practice = PracticeUse.WhereEvident)
            let assumed = DebiasOptions(Practice = PracticeUse.Assumed)
            let forced = DebiasOptions(Practice = PracticeUse.Forced)
            let costly = Nullable(PartCost(-3.0, 0.0, 0.0))

            for expected, options, report in
                [
                    [ FitWarningCode.PracticeDoubted ], evident, searched 0 none [| kinds 3 |]
                    [ FitWarningCode.PracticeWithoutSites ], evident, searched 0 none [| kinds 0 |]
                    [ FitWarningCode.PracticeAssumed ], assumed, searched 1 costly [| kinds 0 |]
                    [], assumed, searched 1 costly [| kinds 3 |]
                    [ FitWarningCode.PracticeCostly; FitWarningCode.PracticeDoubted ],
                    evident,
                    searched 0 costly [| kinds 3 |]
                    [], forced, searched 0 none [| kinds 3 |]
                    [ FitWarningCode.PracticeTakenOut ], evident, searched 1 costly [| kinds 3 |]
                    [], evident, searched 0 none [||]
                    [ FitWarningCode.PatternsCostly ], evident, FitReport(PatternCost = costly)
                    [], evident, FitReport(PatternCost = Nullable(PartCost(1.0, 0.1, 0.1)))
                ] do
                Expect.equal (codes options true report) expected $"%A{expected}"

            Expect.equal
                (codes DebiasOptions.PaperReconstruction false (FitReport()))
                [ FitWarningCode.BranchLeftOut ]
                "trees have no branch"

            let few =
                AssumptionChecks.Of(cohort 60, DebiasOptions(), true, FitReport()) |> Seq.head

            Expect.equal few.Code FitWarningCode.FewEvents "few events"
            Expect.equal (string few) few.Text "as text"

        testCase "a report is of the last fit, and is stored with the model"
        <| fun () ->
            let options =
                DebiasOptions(Weighting = RowWeighting.LabelBalance, Recalibrate = true)

            use wrapped = CausalDebias.Wrap(Toy.create "logistic", options)
            Expect.isEmpty wrapped.Diagnostics "not fitted"
            let rows = cohort 600
            wrapped.Fit(rows, rows, FitContext(Seed = Toy.seed 1))

            Expect.equal
                (List.ofSeq wrapped.Diagnostics.Keys)
                [
                    "patterns.kept"
                    "patterns.cost.fit"
                    "patterns.cost.id"
                    "patterns.cost.out"
                    "weights.ess"
                    "recalibration.slope"
                    "recalibration.intercept"
                    "recalibration.share"
                ]
                "fitted"

            use stream = new MemoryStream()
            wrapped.Save stream
            stream.Position <- 0L
            use restored = CausalDebias.Wrap(Toy.create "logistic", options)
            restored.Load stream
            Expect.equal (List.ofSeq restored.Diagnostics) (List.ofSeq wrapped.Diagnostics) "loaded, in order"

        testCase "warnings are stored with the model"
        <| fun () ->
            use wrapped = CausalDebias.Wrap(Toy.create "logistic")
            let rows = cohort 60
            wrapped.Fit(rows, rows, FitContext(Seed = Toy.seed 1))

            Expect.contains
                [ for warning in wrapped.Warnings -> warning.Code ]
                FitWarningCode.FewEvents
                "found"

            use stream = new MemoryStream()
            wrapped.Save stream
            stream.Position <- 0L
            use restored = CausalDebias.Wrap(Toy.create "logistic")
            restored.Load stream
            Expect.equal (List.ofSeq restored.Warnings) (List.ofSeq wrapped.Warnings) "loaded"
    ]
