namespace CausalDebiasing.Bench.Datasets

/// The parameters of the PhysioNet/CinC Challenge 2012 by modality, with plausible ranges. The ranges are wide on
/// purpose: they remove what cannot be (a heart rate of 0, a Fahrenheit zero as -17.8 degrees, a flushed arterial
/// line, centimetres converted twice), not what is rare.
module PhysioNet2012Parameters =
    /// Read from the rows at 00:00; weight is the first known value of the record.
    let demographics =
        Parameter.measured [
            "Age", "years", 0f, 120f
            "Gender", "0 female, 1 male", 0f, 1f
            "Height", "cm", 100f, 250f
            "Weight", "kg", 20f, 400f
        ]

    /// Modality and parameters, in the order of the cohort's modalities after "demographics".
    let series = [
        "vitals",
        Parameter.measured [
            "HR", "bpm", 20f, 250f
            "Temp", "degrees C", 20f, 45f
            "RespRate", "breaths/min", 1f, 80f
            "GCS", "points", 3f, 15f
            "NISysABP", "mmHg", 30f, 300f
            "NIDiasABP", "mmHg", 10f, 200f
            "NIMAP", "mmHg", 20f, 250f
            "SysABP", "mmHg", 30f, 300f
            "DiasABP", "mmHg", 10f, 200f
            "MAP", "mmHg", 20f, 250f
        ]
        "chemistry-cbc",
        Parameter.measured [
            "BUN", "mg/dL", 1f, 250f
            "Creatinine", "mg/dL", 0.1f, 30f
            "Glucose", "mg/dL", 10f, 2000f
            "HCO3", "mmol/L", 3f, 60f
            "K", "mEq/L", 1f, 12f
            "Mg", "mmol/L", 0.2f, 15f
            "Na", "mEq/L", 90f, 200f
            "Cholesterol", "mg/dL", 20f, 1000f
            "HCT", "%", 5f, 75f
            "Platelets", "cells/nL", 1f, 2000f
            "WBC", "cells/nL", 0f, 500f
        ]
        "blood-gas",
        Parameter.measured [
            "pH", "", 6.5f, 8f
            "PaCO2", "mmHg", 5f, 200f
            "PaO2", "mmHg", 15f, 760f
            "SaO2", "%", 20f, 100f
        ]
        "hepatic",
        Parameter.measured [
            "ALP", "IU/L", 1f, 10000f
            "ALT", "IU/L", 1f, 30000f
            "AST", "IU/L", 1f, 40000f
            "Bilirubin", "mg/dL", 0f, 80f
            "Albumin", "g/dL", 0.5f, 7f
        ]
        "lactate", Parameter.measured [ "Lactate", "mmol/L", 0.1f, 40f ]
        "cardiac-markers", Parameter.measured [ "TroponinI", "ug/L", 0f, 500f; "TroponinT", "ug/L", 0f, 100f ]
        "urine-ventilation",
        Parameter.measured [ "Urine", "mL", 0f, 5000f; "FiO2", "fraction", 0.21f, 1f ]
        @ [ Parameter.flag "MechVent" ]
    ]

    /// All series parameters, modality after modality.
    let all = series |> List.collect snd |> Array.ofList

    /// The value in the parameter's unit, or NaN when it is implausible. A pH written without its point (735) is
    /// read as 7.35.
    let clean parameter (value: float32) =
        let value =
            if parameter.Name = "pH" && value >= 650f && value <= 800f then
                value / 100f
            else
                value

        Parameter.clean parameter value
