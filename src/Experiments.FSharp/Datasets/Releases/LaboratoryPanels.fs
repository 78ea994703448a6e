namespace CausalDebiasing.Bench.Datasets

/// Laboratory parameters by panel, with ranges outside of which a value is an artefact, and what eICU (`labname`) and
/// MIMIC-IV (`itemid`) call them.
module LaboratoryPanels =
    let private panels = [
        "chemistry",
        [
            "sodium", "mmol/L", 90f, 200f, [ "sodium" ], [ 50983; 50824 ]
            "potassium", "mmol/L", 1f, 12f, [ "potassium" ], [ 50971; 50822 ]
            "chloride", "mmol/L", 50f, 170f, [ "chloride" ], [ 50902; 50806 ]
            "bicarbonate", "mmol/L", 3f, 60f, [ "bicarbonate"; "HCO3" ], [ 50882 ]
            "urea nitrogen", "mg/dL", 1f, 250f, [ "BUN" ], [ 51006 ]
            "creatinine", "mg/dL", 0.1f, 30f, [ "creatinine" ], [ 50912 ]
            "glucose", "mg/dL", 10f, 2000f, [ "glucose"; "bedside glucose" ], [ 50931; 50809 ]
            "calcium", "mg/dL", 2f, 20f, [ "calcium" ], [ 50893 ]
            "magnesium", "mg/dL", 0.2f, 15f, [ "magnesium" ], [ 50960 ]
            "phosphate", "mg/dL", 0.1f, 25f, [ "phosphate" ], [ 50970 ]
        ]
        "blood-count",
        [
            "haemoglobin", "g/dL", 1f, 25f, [ "Hgb" ], [ 51222; 50811 ]
            "haematocrit", "%", 5f, 75f, [ "Hct" ], [ 51221; 50810 ]
            "white cells", "K/uL", 0f, 500f, [ "WBC x 1000" ], [ 51301; 51300 ]
            "platelets", "K/uL", 1f, 2500f, [ "platelets x 1000" ], [ 51265 ]
        ]
        "blood-gas",
        [
            "pH", "", 6.5f, 8f, [ "pH" ], [ 50820 ]
            "carbon dioxide", "mmHg", 5f, 200f, [ "paCO2" ], [ 50818 ]
            "oxygen", "mmHg", 15f, 760f, [ "paO2" ], [ 50821 ]
            "base excess", "mmol/L", -50f, 50f, [ "Base Excess" ], [ 50802 ]
        ]
        "lactate", [ "lactate", "mmol/L", 0.1f, 40f, [ "lactate" ], [ 50813 ] ]
        "hepatic",
        [
            "albumin", "g/dL", 0.5f, 7f, [ "albumin" ], [ 50862 ]
            "bilirubin", "mg/dL", 0f, 80f, [ "total bilirubin" ], [ 50885 ]
            "aspartate transaminase", "IU/L", 1f, 40000f, [ "AST (SGOT)" ], [ 50878 ]
            "alanine transaminase", "IU/L", 1f, 30000f, [ "ALT (SGPT)" ], [ 50861 ]
            "alkaline phosphatase", "IU/L", 1f, 10000f, [ "alkaline phos." ], [ 50863 ]
        ]
        "coagulation",
        [
            "INR", "", 0.5f, 30f, [ "PT - INR" ], [ 51237 ]
            "partial thromboplastin time", "s", 10f, 300f, [ "PTT" ], [ 51275 ]
            "fibrinogen", "mg/dL", 10f, 2000f, [ "fibrinogen" ], [ 51214 ]
        ]
        "cardiac-markers",
        [
            "troponin T", "ng/mL", 0f, 100f, [ "troponin - T" ], [ 51003 ]
            "troponin I", "ng/mL", 0f, 500f, [ "troponin - I" ], [ 51002 ]
            "creatine kinase", "IU/L", 0f, 500000f, [ "CPK" ], [ 50910 ]
            "creatine kinase MB", "ng/mL", 0f, 5000f, [ "CPK-MB" ], [ 50911 ]
        ]
    ]

    let private panelsBy literals = [
        for panel, parameters in panels ->
            panel,
            [
                for name, unit', low, high, labels, items in parameters ->
                    EventScan.parameter name unit' low high (literals labels items)
            ]
    ]

    let eicu = panelsBy (fun labels _ -> List.map TableFile.literal labels)
    let mimic = panelsBy (fun _ items -> List.map string items)
