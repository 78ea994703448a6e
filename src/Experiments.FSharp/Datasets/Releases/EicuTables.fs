namespace CausalDebiasing.Bench.Datasets

/// The event tables of eICU as modalities. An event counts when it was entered, where the table says so, and took
/// place before the prediction time; both are minutes from admission to the unit, negative before it.
module EicuTables =
    let private stay = "patientunitstayid"

    let private scan hour name columns times minute reshape content = {
        Table = {
            Name = name
            Columns =
                (stay, Whole)
                :: [
                    for time in times -> time, Whole
                    yield! columns
                ]
        }
        Reshape = reshape
        Join = $"e.{stay} = r.key"
        Known =
            times
            |> List.map (fun time -> $"e.{time} < {60 * hour}")
            |> String.concat " AND "
        Minute = $"e.{minute}"
        Content = content
    }

    let private codes hour modality name columns code times slots =
        scan
            hour
            name
            [ for column in columns -> column, Words ]
            times
            (List.head times)
            id
            (Codes(modality, code, slots))

    let private wide hour modality name times parameters =
        let columns = parameters |> List.map (fun (name, _, _, _) -> name)

        scan
            hour
            name
            [ for column in columns -> column, Number ]
            times
            (List.head times)
            (EventScan.unpivot columns)
            (Measurements("e.item", "e.value", [ modality, EventScan.byName parameters ]))

    let private numberIn column =
        $"TRY_CAST(replace(e.{column}, '%%', '') AS DOUBLE)"

    let private coded hour = [
        codes hour "diagnoses" "diagnosis" [ "diagnosisstring" ] "e.diagnosisstring" [ "diagnosisoffset" ] 32
        codes
            hour
            "medications"
            "medication"
            [ "drughiclseqno"; "drugname" ]
            "coalesce('HICL ' || e.drughiclseqno, e.drugname)"
            [ "drugorderoffset" ]
            64
        codes hour "treatments" "treatment" [ "treatmentstring" ] "e.treatmentstring" [ "treatmentoffset" ] 64
        codes
            hour
            "infusions"
            "infusionDrug"
            [ "drugname" ]
            "lower(regexp_replace(e.drugname, ' *\\([^)]*\\) *$', ''))"
            [ "infusionoffset" ]
            32
        codes hour "notes" "note" [ "notepath" ] "e.notepath" [ "noteoffset"; "noteenteredoffset" ] 64
        codes
            hour
            "physical-exam"
            "physicalExam"
            [ "physicalexampath" ]
            "e.physicalexampath"
            [ "physicalexamoffset" ]
            64
    ]

    let private respiratory hour =
        scan
            hour
            "respiratoryCharting"
            [ "respchartvaluelabel", Words; "respchartvalue", Words ]
            [ "respchartoffset"; "respchartentryoffset" ]
            "respchartoffset"
            id
            (Measurements(
                "e.respchartvaluelabel",
                numberIn "respchartvalue",
                [
                    "respiratory-charting",
                    EventScan.byName [
                        "FiO2", "%", 21f, 100f
                        "LPM O2", "L/min", 0f, 100f
                        "PEEP", "cmH2O", 0f, 40f
                        "Tidal Volume (set)", "mL", 50f, 2000f
                        "Vent Rate", "breaths/min", 1f, 80f
                        "Total RR", "breaths/min", 1f, 80f
                        "RR (patient)", "breaths/min", 1f, 80f
                        "Mean Airway Pressure", "cmH2O", 0f, 80f
                        "Peak Insp. Pressure", "cmH2O", 0f, 100f
                        "Plateau Pressure", "cmH2O", 0f, 100f
                        "Pressure Support", "cmH2O", 0f, 60f
                        "SaO2", "%", 20f, 100f
                    ]
                ]
            ))

    let private nursing hour =
        scan
            hour
            "nurseCharting"
            [ "nursingchartcelltypevalname", Words; "nursingchartvalue", Words ]
            [ "nursingchartoffset"; "nursingchartentryoffset" ]
            "nursingchartoffset"
            id
            (Measurements(
                "e.nursingchartcelltypevalname",
                numberIn "nursingchartvalue",
                [
                    "nurse-charting",
                    EventScan.byName [
                        "Heart Rate", "bpm", 20f, 250f
                        "Respiratory Rate", "breaths/min", 1f, 80f
                        "O2 Saturation", "%", 20f, 100f
                        "Temperature (C)", "degrees C", 20f, 45f
                        "Non-Invasive BP Systolic", "mmHg", 30f, 300f
                        "Non-Invasive BP Diastolic", "mmHg", 10f, 200f
                        "Non-Invasive BP Mean", "mmHg", 20f, 250f
                        "GCS Total", "", 3f, 15f
                    ]
                ]
            ))

    let private labs hour =
        scan
            hour
            "lab"
            [ "labname", Words; "labresult", Number ]
            [ "labresultoffset" ]
            "labresultoffset"
            id
            (Measurements("e.labname", "e.labresult", LaboratoryPanels.eicu))

    let private vitals hour = [
        wide hour "vitals" "vitalPeriodic" [ "observationoffset" ] [
            "heartrate", "bpm", 20f, 250f
            "respiration", "breaths/min", 1f, 80f
            "sao2", "%", 20f, 100f
            "temperature", "degrees C", 20f, 45f
            "systemicsystolic", "mmHg", 30f, 300f
            "systemicdiastolic", "mmHg", 10f, 200f
            "systemicmean", "mmHg", 20f, 250f
            "cvp", "mmHg", -10f, 60f
        ]
        wide hour "blood-pressure" "vitalAperiodic" [ "observationoffset" ] [
            "noninvasivesystolic", "mmHg", 30f, 300f
            "noninvasivediastolic", "mmHg", 10f, 200f
            "noninvasivemean", "mmHg", 20f, 250f
        ]
    ]

    let private balance hour =
        wide hour "fluid-balance" "intakeOutput" [ "intakeoutputoffset"; "intakeoutputentryoffset" ] [
            "intaketotal", "mL", 0f, 30000f
            "outputtotal", "mL", 0f, 30000f
        ]

    /// Hour by which the APACHE variables, the worst values of the first day, are known.
    let apacheHour = 24

    /// Variables of the acute physiology score; -1 means not measured.
    let private apache =
        let parameters = [
            "intubated", "0 or 1", 0f, 1f
            "vent", "0 or 1", 0f, 1f
            "dialysis", "0 or 1", 0f, 1f
            "eyes", "", 1f, 4f
            "motor", "", 1f, 6f
            "verbal", "", 1f, 5f
            "urine", "mL", 0f, 20000f
            "wbc", "K/uL", 0f, 500f
            "temperature", "degrees C", 20f, 45f
            "respiratoryrate", "breaths/min", 1f, 80f
            "sodium", "mmol/L", 90f, 200f
            "heartrate", "bpm", 20f, 250f
            "meanbp", "mmHg", 20f, 250f
            "ph", "", 6.5f, 8f
            "hematocrit", "%", 5f, 75f
            "creatinine", "mg/dL", 0.1f, 30f
            "albumin", "g/dL", 0.5f, 7f
            "pao2", "mmHg", 15f, 760f
            "pco2", "mmHg", 5f, 200f
            "bun", "mg/dL", 1f, 250f
            "glucose", "mg/dL", 10f, 2000f
            "bilirubin", "mg/dL", 0f, 80f
            "fio2", "%", 21f, 100f
        ]

        let columns = parameters |> List.map (fun (name, _, _, _) -> name)

        {
            Table = {
                Name = "apacheApsVar"
                Columns = (stay, Whole) :: [ for column in columns -> column, Number ]
            }
            Reshape = EventScan.unpivot columns
            Join = $"e.{stay} = r.key"
            Known = "e.value <> -1"
            Minute = "0"
            Content = Measurements("e.item", "e.value", [ "apache", EventScan.byName parameters ])
        }

    /// The scans for prediction at the hour.
    let scans hour = [
        if hour >= apacheHour then
            apache
        yield! coded hour
        respiratory hour
        nursing hour
        labs hour
        yield! vitals hour
        balance hour
    ]
