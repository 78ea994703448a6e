namespace CausalDebiasing.Bench.Datasets

/// Concepts of the standard vocabularies that the reader knows by number.
module OmopConcepts =
    let male, female = 8507L, 8532L
    let hispanic, notHispanic = 38003563L, 38003564L

    /// White, Black or African American, Asian, Native Hawaiian or other Pacific islander, American Indian or Alaska native.
    let races = [ 8527L; 8516L; 8515L; 8557L; 8657L ]

    /// Inpatient visit, and emergency room and inpatient visit.
    let inpatient = [ 9201L; 262L ]

    /// Places that a patient who died is discharged to: patient died, and expired.
    let died = [ 4216643L; 32218L ]

    /// A place of discharge, or a type of visit, of who has not left when data are written.
    let stillPatient = 32220L

    /// Statuses of a condition that is known at admission.
    let admissionDiagnosis = [ 32890L; 32901L; 32907L; 4203942L ]

    /// As a list of SQL.
    let listed (concepts: int64 list) =
        concepts |> List.map string |> String.concat ", "
