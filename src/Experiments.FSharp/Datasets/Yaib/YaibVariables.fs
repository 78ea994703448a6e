namespace CausalDebiasing.Bench.Datasets

/// The variables of YAIB cohorts (van de Water et al., ICLR 2024, concepts of the R package ricu) by modality, with
/// ranges outside of which a value is an artefact.
module YaibVariables =
    /// Columns of `sta`, with sex as 0 female, 1 male.
    let demographics =
        Parameter.measured [
            "age", "years", 0f, 120f
            "sex", "0 female, 1 male", 0f, 1f
            "height", "cm", 100f, 250f
            "weight", "kg", 20f, 400f
        ]

    /// Columns of `dyn` by modality. Glucose is with the vital signs: most of its values come from the bedside.
    let series = [
        "vitals",
        Parameter.measured [
            "hr", "bpm", 20f, 250f
            "sbp", "mmHg", 30f, 300f
            "dbp", "mmHg", 10f, 200f
            "map", "mmHg", 20f, 250f
            "resp", "breaths/min", 1f, 80f
            "temp", "degrees C", 20f, 45f
            "o2sat", "%", 20f, 100f
            "fio2", "%", 21f, 100f
            "glu", "mg/dL", 10f, 2000f
        ]
        "chemistry",
        Parameter.measured [
            "na", "mmol/L", 90f, 200f
            "k", "mmol/L", 1f, 12f
            "cl", "mmol/L", 50f, 170f
            "bicar", "mmol/L", 3f, 60f
            "bun", "mg/dL", 1f, 250f
            "crea", "mg/dL", 0.1f, 30f
            "ca", "mg/dL", 2f, 20f
            "cai", "mmol/L", 0.2f, 3f
            "mg", "mg/dL", 0.2f, 15f
            "phos", "mg/dL", 0.1f, 25f
            "crp", "mg/L", 0f, 4000f
        ]
        "blood-count",
        Parameter.measured [
            "hgb", "g/dL", 1f, 25f
            "wbc", "K/uL", 0f, 500f
            "plt", "K/uL", 1f, 2500f
            "mch", "pg", 5f, 60f
            "mchc", "%", 10f, 60f
            "mcv", "fL", 40f, 160f
            "lymph", "%", 0f, 100f
            "neut", "%", 0f, 100f
            "bnd", "%", 0f, 100f
        ]
        "blood-gas",
        Parameter.measured [
            "ph", "", 6.5f, 8f
            "pco2", "mmHg", 5f, 200f
            "po2", "mmHg", 15f, 760f
            "be", "mmol/L", -50f, 50f
            "methb", "%", 0f, 100f
        ]
        "lactate", Parameter.measured [ "lact", "mmol/L", 0.1f, 40f ]
        "hepatic",
        Parameter.measured [
            "alb", "g/dL", 0.5f, 7f
            "alp", "IU/L", 1f, 10000f
            "alt", "IU/L", 1f, 30000f
            "ast", "IU/L", 1f, 40000f
            "bili", "mg/dL", 0f, 80f
            "bili_dir", "mg/dL", 0f, 80f
        ]
        "coagulation",
        Parameter.measured [ "inr_pt", "", 0.5f, 30f; "ptt", "s", 10f, 300f; "fgn", "mg/dL", 10f, 2000f ]
        "cardiac-markers",
        Parameter.measured [
            "ck", "IU/L", 0f, 500000f
            "ckmb", "ng/mL", 0f, 5000f
            "tnt", "ng/mL", 0f, 100f
        ]
        "urine", Parameter.measured [ "urine", "mL", 0f, 5000f ]
    ]

    /// All columns of `dyn` that are used, modality after modality.
    let all = series |> List.collect snd |> Array.ofList
