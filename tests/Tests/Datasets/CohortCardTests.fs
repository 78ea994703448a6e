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
            Expect.equal shown.Modalities[0].PrevalenceObserved 0.2 "36 events"
            Expect.equal (shown.Rows, shown.Events) (200, 40) "totals stay"
        }

        test "the text names no folder of the user's" {
            let text = CardText.markdown "A toy." card
            Expect.isFalse (text.Contains "/home") "folder"
            Expect.stringContains text "| m | 10.0 % |" "table"
            Expect.stringContains text "labs: lab is not there" "absent"
        }
    ]
