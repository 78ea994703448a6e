module CausalDebiasing.Tests.Audit.WhoIsMeasuredTests

open System
open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support
open Expecto

let private found (cohort: Cohort) =
    let values = RecordedValues.ofCohort cohort
    let folds = Severity.foldsOf cohort (Toy.seed 1)
    values, folds, WhoIsMeasured.find values folds (Severity.ofValues values folds) (fun _ _ -> ())

let private linked =
    Toy.outcomeLinked {
        Toy.standard with
            Rows = 1200
            Shift = 0.5
    }

[<Tests>]
let tests =
    Trained.tests "Audit.who is measured" [
        test "ordering by the outcome is found beyond the values, with its odds ratio" {
            let values, folds, measured = found linked
            Expect.equal (measured |> List.map _.Modality) [ "m1" ] "what varies"
            let one = measured.Head
            // 0.8 against 0.3.
            let truth = (0.8 / 0.2) / (0.3 / 0.7)
            Expect.isTrue (one.Outcome.Low < truth && truth < one.Outcome.High) $"{one.Outcome}"
            Expect.isLessThan one.OutcomeP 1e-6 "p"
            Expect.isTrue (Advice.isLinked one) "linked"
            Expect.isGreaterThan one.Auroc.WithOutcome (one.Auroc.Values + 0.03) "AUROC"

            let mask =
                MaskAlone.find
                    values
                    folds
                    (PatientBootstrap.ofRows 100 (Toy.seed 2) (linked.Patients.ToArray()))
                |> Option.get

            // Sensitivity 0.8, specificity 0.7.
            Expect.isTrue (mask.Mask.Low < 0.75 && 0.75 < mask.Mask.High) $"mask {mask.Mask}"
            Expect.isGreaterThan mask.Gain.Low 0. "adds to the values"
        }

        test "at random nothing is found" {
            let _, _, measured =
                found (
                    Toy.cohort {
                        Toy.standard with
                            Rows = 1200
                            Shift = 0.5
                            Missing = 0.3
                    }
                )

            Expect.equal measured.Length 3 "all vary"
            Expect.isFalse (List.exists Advice.isLinked measured) "none is linked"
        }

        test "ordering by site is found, and small groups are not told from none" {
            let whole =
                Toy.cohort {
                    Toy.standard with
                        Rows = 1200
                        Shift = 0.5
                        Missing = 0.
                }

            let random = Random 3

            let hidden =
                whole.WithMask [|
                    for row in 0 .. whole.Count - 1 do
                        let isFirst = whole.Sites[row] = 0
                        // Five patients of the first site have it.
                        for m in 0..2 -> m <> 1 || (if isFirst then row < 20 else random.NextDouble() < 0.6)
                |]

            let _, _, measured = found hidden
            let one = measured |> List.exactlyOne
            Expect.isLessThan one.SiteP 1e-6 "site"
            Expect.equal one.LowestSite 0. "a few are none"
            Expect.isGreaterThan one.Auroc.WithSite (one.Auroc.Values + 0.1) "AUROC"
        }

        test "where all is there, nothing is asked" {
            let values, folds, measured = found (Toy.cohort { Toy.standard with Missing = 0. })
            Expect.isEmpty measured "no modality"
            Expect.isNone (MaskAlone.find values folds [||]) "no mask"
        }
    ]
