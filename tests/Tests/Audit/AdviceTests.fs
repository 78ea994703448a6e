module CausalDebiasing.Tests.Audit.AdviceTests

open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Evidence
open Expecto

let private estimate low mean high : Estimate = {
    Count = 100
    Mean = mean
    Sd = nan
    Low = low
    High = high
}

let private gain variant (auroc: Estimate) = {
    Variant = variant
    Baseline = "all"
    Plain = 0.8
    Wrapped = 0.8 + auroc.Mean
    Auroc = auroc
    LogLoss = estimate nan 0. nan
}

let private linked = {
    Modality = "lactate"
    MissingRate = 0.4
    Severity = estimate 1. 1.1 1.2
    SeverityP = 0.5
    Outcome = estimate 1.8 2.5 3.
    OutcomeP = 1e-9
    LowestSite = 0.3
    HighestSite = 0.8
    SiteP = 0.3
    Auroc = {
        Values = 0.6
        WithOutcome = 0.65
        WithSite = 0.7
    }
}

let private quiet = {
    Events = 500
    HasSites = true
    Sites = 5
    Measured = []
    Mask = None
    Confounder = {
        Candidates = []
        Taken = 0
        Warnings = []
    }
    Losses = []
    Wrapping = {
        IsBySite = true
        Replicates = 5
        Gains = [
            gain Wrapping.recommended (estimate -0.003 0. 0.003)
            gain Wrapping.interventional (estimate -0.003 0. 0.003)
        ]
        ByReplicate = []
    }
}

let private withGain low mean high findings = {
    findings with
        Wrapping = {
            findings.Wrapping with
                Gains = [
                    gain Wrapping.recommended (estimate low mean high)
                    gain Wrapping.interventional (estimate -0.1 -0.05 0.)
                ]
        }
}

let private informative = {
    quiet with
        Measured = [ linked ]
        Mask =
            Some {
                Mask = estimate 0.6 0.65 0.7
                Values = estimate 0.7 0.75 0.8
                Both = estimate 0.75 0.8 0.85
                Gain = estimate 0.03 0.05 0.07
            }
}

let private practice = {
    quiet with
        Confounder = { quiet.Confounder with Taken = 1 }
}

let private chosen findings =
    let advice = Advice.give findings
    advice.Choice, advice.Certainty

[<Tests>]
let tests =
    testList "Audit.advice" [
        test "what is shown decides" {
            Expect.equal (chosen (withGain 0.01 0.02 0.03 quiet)) (Recommended, Clear) "a clear gain"
            Expect.equal (chosen (withGain -0.03 -0.02 -0.01 quiet)) (Plain, Clear) "a clear loss"
            Expect.equal (chosen (withGain 0.002 0.007 0.012 quiet)) (Recommended, Moderate) "a small gain"
            Expect.equal (chosen (withGain -0.012 -0.007 -0.002 quiet)) (Plain, Moderate) "a small loss"
        }

        test "without a bias and without harm, either" {
            Expect.equal (chosen quiet) (Either, Moderate) "no difference"
        }

        test "where a loss cannot be ruled out, nothing is promised" {
            Expect.equal (chosen (withGain -0.04 -0.01 0.02 quiet)) (Plain, Thin) "perhaps a loss"
            Expect.equal (chosen (withGain -0.02 0.02 0.06 quiet)) (Either, Thin) "perhaps a gain"

            Expect.notEqual
                (fst (chosen (withGain -0.02 0.02 0.06 informative)))
                Recommended
                "an informative mask alone is no gain"
        }

        test "an informative mask without harm, and practice, are protected against" {
            Expect.equal (chosen informative) (Recommended, Moderate) "mask"
            Expect.equal (chosen practice) (Recommended, Moderate) "practice"
            let needs = (Advice.give informative).Settle |> String.concat " "
            Expect.stringContains needs "100 patients" "what would settle it"
        }

        test "practice whose removal costs is left alone" {
            Expect.equal (chosen (withGain -0.07 -0.05 -0.03 practice)) (Plain, Clear) "a clear loss"
            Expect.equal (fst (chosen (withGain -0.06 -0.02 0.02 practice))) Plain "perhaps a loss"

            let reasons =
                (Advice.give (withGain -0.07 -0.05 -0.03 practice)).Reasons |> String.concat " "

            Expect.stringContains reasons "diseases" "what it may be"
        }

        test "thin evidence is said, and never more than either" {
            for findings in [ quiet; informative; practice; withGain 0.01 0.02 0.03 quiet ] do
                for thin in
                    [
                        { findings with Events = 20 }
                        {
                            findings with
                                Wrapping = {
                                    findings.Wrapping with
                                        Replicates = 2
                                }
                        }
                    ] do
                    let choice, certainty = chosen thin
                    Expect.isTrue (choice = Either || choice = Plain) $"{choice}"
                    Expect.equal certainty Thin "said"
        }

        test "one site asks for more" {
            let needs =
                (Advice.give {
                    quiet with
                        HasSites = false
                        Sites = 0
                })
                    .Settle
                |> String.concat " "

            Expect.stringContains needs "two sites" "sites"
        }
    ]
