namespace CausalDebiasing.Bench.Measures

open System
open System.Collections.Generic
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// Predictions with their outcomes and patients: what every measure is computed from. Rows of one patient are not independent,
/// so that patients are the unit of every interval.
type JudgedRows = {
    /// In [0, 1].
    Probabilities: float[]
    /// 0 or 1.
    Outcomes: float[]
    /// Numbers of the patients, from 0.
    Patients: int[]
    PatientCount: int
}

module JudgedRows =
    /// Numbers from 0 for keys, in the order in which they come, and how many there are.
    let numbered (keys: 'key[]) =
        let known = Dictionary<'key, int>()

        let numbers =
            keys
            |> Array.map (fun key ->
                match known.TryGetValue key with
                | true, number -> number
                | _ ->
                    known[key] <- known.Count
                    known[key])

        numbers, known.Count

    /// Rows with any keys of patients. Raises ArgumentException when lengths differ.
    let create (probabilities: float[]) (outcomes: float[]) (patients: 'key[]) =
        if probabilities.Length <> outcomes.Length || outcomes.Length <> patients.Length then
            invalidArg
                (nameof patients)
                "There must be one probability, one outcome and one patient for each row."

        let numbers, count = numbered patients

        {
            Probabilities = probabilities
            Outcomes = outcomes
            Patients = numbers
            PatientCount = count
        }

    /// The rows of a test.
    let ofTest (test: TestPredictions) =
        create (Array.map float test.Probabilities) (Array.map float test.Outcomes) test.Patients

    /// The rows of a test as they would be without recalibration; None where nothing is recalibrated, or it was not kept.
    let tryBeforeRecalibration (test: TestPredictions) =
        test.BeforeRecalibration
        |> Option.map (fun before ->
            create (Array.map float before) (Array.map float test.Outcomes) test.Patients)

    /// The rows with these numbers.
    let select (rows: int[]) judged =
        let pick (values: 'value[]) =
            rows |> Array.map (fun row -> values[row])

        create (pick judged.Probabilities) (pick judged.Outcomes) (pick judged.Patients)

    /// Number of rows with the event.
    let events judged = judged.Outcomes |> Array.sumBy int

    let private patientsWith outcome judged =
        Seq.zip judged.Patients judged.Outcomes
        |> Seq.filter (fun (_, own) -> own = outcome)
        |> Seq.map fst
        |> Seq.distinct
        |> Seq.length

    /// Whether too few patients have the event, or a row without it, to say anything of them, or to show them.
    let isSparse judged =
        min (patientsWith 1. judged) (patientsWith 0. judged) < Diagnostic.fewestEvents

    /// Standard error of a sum over rows of numbers that are 0 on average, whose patients are independent of each other: the root of
    /// C / (C - 1) times the sum of squares over the C patients (Liang and Zeger, Biometrika 73, 1986); NaN below two patients.
    let errorOfSum judged (influence: int -> float) =
        let sums = Array.zeroCreate judged.PatientCount

        for row in 0 .. judged.Outcomes.Length - 1 do
            let patient = judged.Patients[row]
            sums[patient] <- sums[patient] + influence row

        let patients = float judged.PatientCount

        if patients < 2. then
            nan
        else
            sqrt (patients / (patients - 1.) * Array.sumBy (fun sum -> sum * sum) sums)
