module CausalDebiasing.Tests.Datasets.CohortCardTests

open System
open Expecto
open CausalDebiasing.Bench.Datasets

let private card = {
    Dataset = "toy"
    Patients = 100
    Rows = 200
    Events = 40
    Exclusions = [
        { Reason = "a"; Rows = 3 }
        { Reason = "b"; Rows = 0 }
        { Reason = "c"; Rows = 50 }
        { Reason = "d"; Rows = 4 }
    ]
    Absent = [ "labs: lab is not in /home/me" ]
    ImplausibleValues = 0
    Sites = [
        for name, patients, rows, prevalence in [ "x", 88, 180, 0.2; "y", 3, 5, 0.2; "z", 9, 15, 0.2 ] ->
            {
                Site = name
                Patients = patients
                Rows = rows
                Prevalence = prevalence
            }
    ]
    Parts = []
    Modalities = [
        {
            Modality = "m"
            MissingRate = 0.1
            PrevalenceObserved = 0.2
            PrevalenceMissing = 0.2
        }
    ]
    MaskAuroc = 0.5
}

[<Tests>]
let tests =
    testList "CohortCard" [
        test "no group of fewer than ten is published on its own" {
            let shown = CohortCard.publish card

            Expect.equal
                [ for step in shown.Exclusions -> step.Reason, step.Rows ]
                [ "a; c; d", 57; "b", 0 ]
                "small steps go with their neighbours"

            Expect.equal
                [ for site in shown.Sites -> site.Patients, site.Rows ]
                [ 88, 180; 12, 20 ]
                "small sites"

            Expect.isTrue (Double.IsNaN shown.Sites[1].Prevalence) "four events"
            Expect.isTrue (Double.IsNaN shown.Modalities[0].PrevalenceMissing) "four events without it"

            Expect.isTrue
                (Double.IsNaN shown.Modalities[0].PrevalenceObserved)
                "from which the four would follow"

            Expect.isTrue (Double.IsNaN shown.Sites[0].Prevalence) "likewise"
            Expect.equal (shown.Rows, shown.Events) (200, 40) "totals stay"
        }

        test "one small site is not named" {
            let sites = [
                card.Sites[0]
                {
                    card.Sites[0] with
                        Site = "w"
                        Patients = 70
                }
                card.Sites[1]
            ]

            let shown = CohortCard.publish { card with Sites = sites }

            Expect.equal
                [ for site in shown.Sites -> site.Site, site.Patients ]
                [ "x", 88; "2 sites, one with fewer than 10 patients", 73 ]
                "with the next"
        }

        test "a rate stays where every group's can" {
            let sites = [
                card.Sites[0]
                {
                    card.Sites[0] with
                        Site = "w"
                        Prevalence = 0.3
                }
            ]

            Expect.equal
                [
                    for site in (CohortCard.publish { card with Sites = sites }).Sites -> site.Prevalence
                ]
                [ 0.2; 0.3 ]
                "rates"
        }

        test "the text names no folder of the user's" {
            let text = CardText.markdown "A toy." card
            Expect.isFalse (text.Contains "/home") "folder"
            Expect.stringContains text "| m | 10.0 % |" "table"
            Expect.stringContains text "labs: lab is not there" "absent"
        }
    ]
