namespace CausalDebiasing.Bench.Datasets

/// The event tables of MIMIC-IV (Johnson et al., Scientific Data 10:1, 2023) as modalities. At an hour after admission
/// an event counts when it was stored before; codes that are assigned after discharge then come from earlier
/// admissions. At discharge everything on the admission counts.
module MimicTables =
    let private admission = "hadm_id", Whole
    let private join = "e.hadm_id = r.key"

    let private before time =
        $"(r.closes IS NULL OR {time} < r.closes)"

    let private minutes time =
        $"date_diff('minute', r.opened, {time})"

    let private codes modality name columns code time slots = {
        Table = {
            Name = name
            Columns = admission :: (time, Moment) :: [ for column in columns -> column, Words ]
        }
        Reshape = id
        Join = join
        Known = before $"e.{time}"
        Minute = minutes $"e.{time}"
        Content = Codes(modality, code, slots)
    }

    let private prescriptions =
        codes "prescriptions" "hosp/prescriptions" [ "drug" ] "lower(e.drug)" "starttime" 64

    let private icd = "e.icd_version || ':' || e.icd_code"

    /// Dated to the day: known when the day is over.
    let private procedures = {
        codes "procedures" "hosp/procedures_icd" [ "icd_code"; "icd_version" ] icd "chartdate" 32 with
            Known = before "e.chartdate + INTERVAL 23 HOUR + INTERVAL 59 MINUTE"
    }

    let private diagnoses atDischarge = {
        Table = {
            Name = "hosp/diagnoses_icd"
            Columns = [ "subject_id", Whole; admission; "icd_code", Words; "icd_version", Words ]
        }
        Reshape =
            if atDischarge then
                id
            else
                fun table -> $"(SELECT d.*, h.closed FROM {table} d JOIN history h ON d.hadm_id = h.key)"
        Join = if atDischarge then join else "e.subject_id = r.subject"
        Known = if atDischarge then "true" else "e.closed <= r.opened"
        Minute = "0"
        Content = Codes("diagnoses", icd, 64)
    }

    let private measurements name item modalities = {
        Table = {
            Name = name
            Columns = [
                admission
                item, Whole
                "charttime", Moment
                "storetime", Moment
                "valuenum", Number
            ]
        }
        Reshape = id
        Join = join
        Known = before "coalesce(e.storetime, e.charttime)"
        Minute = minutes "e.charttime"
        Content = Measurements($"e.{item}", "e.valuenum", modalities)
    }

    let private fahrenheit = 32., 1. / 1.8

    /// Vital signs of `chartevents`.
    let vitals = [
        EventScan.parameter "heart rate" "bpm" 20f 250f [ "220045" ]
        EventScan.parameter "systolic pressure" "mmHg" 30f 300f [ "220050"; "220179" ]
        EventScan.parameter "diastolic pressure" "mmHg" 10f 200f [ "220051"; "220180" ]
        EventScan.parameter "mean pressure" "mmHg" 20f 250f [ "220052"; "220181" ]
        EventScan.parameter "respiratory rate" "breaths/min" 1f 80f [ "220210" ]
        EventScan.parameter "oxygen saturation" "%" 20f 100f [ "220277" ]
        {
            EventScan.parameter "temperature" "degrees C" 20f 45f [] with
                Items = [ "223762", 0., 1.; "223761", fst fahrenheit, snd fahrenheit ]
        }
        EventScan.parameter "eye opening" "" 1f 4f [ "220739" ]
        EventScan.parameter "verbal response" "" 1f 5f [ "223900" ]
        EventScan.parameter "motor response" "" 1f 6f [ "223901" ]
        EventScan.parameter "inspired oxygen" "%" 21f 100f [ "223835" ]
    ]

    /// Words of at least four letters of the discharge summary (at discharge) or of radiology reports.
    let private notes atDischarge = {
        Table = {
            Name = if atDischarge then "note/discharge" else "note/radiology"
            Columns = [ admission; "charttime", Moment; "storetime", Moment; "text", Words ]
        }
        Reshape =
            fun table ->
                $"(SELECT hadm_id, charttime, storetime, unnest(list_distinct(regexp_extract_all(lower(text), '[a-z]{{4,}}'))) AS word FROM {table})"
        Join = join
        Known = before "coalesce(e.storetime, e.charttime)"
        Minute = minutes "e.charttime"
        Content = Codes("notes", "e.word", 256)
    }

    let scans atDischarge = [
        diagnoses atDischarge
        procedures
        prescriptions
        measurements "hosp/labevents" "itemid" LaboratoryPanels.mimic
        measurements "icu/chartevents" "itemid" [ "vitals", vitals ]
        notes atDischarge
    ]
