namespace CausalDebiasing.Bench.Datasets

/// Tables of OMOP as the events of `MedsEvents`, each at the moment from which on it is known. Needs the tables of `OmopRecords`
/// in the session.
module OmopEvents =
    let birth, private death = "MEDS_BIRTH", "MEDS_DEATH"

    /// What the codes of care sites begin with.
    let careSite = "CARE_SITE//"

    /// Column with the name of an event's concept.
    let nameColumn = "concept_name"

    /// A table of events.
    type private Source = {
        Table: OmopTable
        /// SQL of code, concept and number, by the columns of the table.
        Code: string
        Concept: string
        Number: string
    }

    let private source table prefix time number further code =
        let concept = $"{prefix}_concept_id"

        {
            Table = {
                Name = table
                Keys = [ "person_id" ]
                Concepts = [ concept ]
                Further = further
                Times = [ time ]
            }
            Code = code
            Concept = concept
            Number = number
        }

    let private coded name = $"coalesce({name}, 0)"
    let private none = "CAST(NULL AS DOUBLE)"

    let private plain table prefix time start =
        let concept = $"{prefix}_concept_id"
        source table prefix time none [] $"'{start}' || {coded concept}"

    /// Numbers without a concept are of different quantities.
    let private measurement =
        let concept = coded "measurement_concept_id"

        source
            "measurement"
            "measurement"
            "measurement"
            $"CASE WHEN {concept} <> 0 THEN value_as_number END"
            [ "value_as_number", Number, []; "unit_concept_id", Whole, [] ]
            $"""'MEASUREMENT//' || {concept} || '//' || {coded "unit_concept_id"}"""

    let private observation =
        source
            "observation"
            "observation"
            "observation"
            "value_as_number"
            [ "value_as_number", Number, []; "value_as_concept_id", Whole, [] ]
            $"""'OBSERVATION//' || {coded "observation_concept_id"} || '//' || {coded "value_as_concept_id"}"""

    /// Which kind of note there is; no text.
    let private note = {
        Table = {
            Name = "note"
            Keys = [ "person_id" ]
            Concepts = []
            Further = [ "note_class_concept_id", Whole, [ "note_type_concept_id" ] ]
            Times = [ "note" ]
        }
        Code = $"""'NOTE//' || {coded "note_class_concept_id"}"""
        Concept = "note_class_concept_id"
        Number = none
    }

    let private dated = [
        measurement
        plain "drug_exposure" "drug" "drug_exposure_start" "DRUG//"
        plain "procedure_occurrence" "procedure" "procedure" "PROCEDURE//"
        observation
        plain "device_exposure" "device" "device_exposure_start" "DEVICE//"
        note
    ]

    let private condition = {
        Name = "condition_occurrence"
        Keys = [ "person_id" ]
        Concepts = [ "condition_concept_id" ]
        Further = [ "visit_occurrence_id", Whole, []; "condition_status_concept_id", Whole, [] ]
        Times = [ "condition_start" ]
    }

    /// The tables of events with the modality that each is, and what its codes begin with.
    let tables = [
        "measurement", "measurements", "MEASUREMENT//"
        "condition_occurrence", "conditions", "CONDITION//"
        "drug_exposure", "drugs", "DRUG//"
        "procedure_occurrence", "procedures", "PROCEDURE//"
        "observation", "observations", "OBSERVATION//"
        "device_exposure", "devices", "DEVICE//"
        "note", "notes", "NOTE//"
    ]

    /// Whose events are read.
    let private join isRestricted =
        if isRestricted then
            "SEMI JOIN asked a ON e.person_id = a.person_id AND e.known <= a.latest"
        else
            "WHERE e.known IS NOT NULL"

    let private finite number =
        $"CASE WHEN isfinite(TRY_CAST({number} AS FLOAT)) THEN TRY_CAST({number} AS FLOAT) END"

    let private insert isRestricted select =
        $"INSERT INTO records SELECT person_id, known, code, concept, number FROM ({select}) e {join isRestricted}"

    /// A condition of a visit may be written down, or billed, when the visit is over, and yet bear the date of its beginning: it is
    /// known when that visit is over, but for diagnoses at admission. One without a visit belongs to the stays that hold its day.
    let private addConditions (session: DuckSession) folder isRestricted =
        session.Execute
            "CREATE TABLE diagnoses(person_id BIGINT, concept BIGINT, day DATE, known TIMESTAMP, visit BIGINT, early BOOLEAN)"

        OmopTable.load session folder condition (fun table ->
            $"""
            INSERT INTO diagnoses
            SELECT person_id, {coded "condition_concept_id"}, condition_start_day, condition_start_known, visit_occurrence_id,
                {coded "condition_status_concept_id"} IN ({OmopConcepts.listed OmopConcepts.admissionDiagnosis})
            FROM {table} e WHERE condition_start_day IS NOT NULL""")

        let later over =
            $"CASE WHEN early THEN d.known ELSE greatest(d.known, {over}) END"

        let never = "TIMESTAMP '9999-12-31'"
        let ends = $"CASE WHEN v.is_open THEN {never} ELSE v.over END"

        let greatestEnd = $"max({ends})"

        let known = [
            $"""SELECT d.person_id, d.concept, {later ends} AS known
                FROM diagnoses d JOIN visits v ON d.visit = v.visit_id"""

            $"""SELECT d.person_id, d.concept, {later greatestEnd} AS known
                FROM (FROM diagnoses d ANTI JOIN visits v ON d.visit = v.visit_id) d
                LEFT JOIN (SELECT * FROM visits WHERE kind IN (SELECT kind FROM kinds)) v
                ON d.person_id = v.person_id AND d.day BETWEEN v.first_day AND v.last_day
                GROUP BY d.person_id, d.concept, d.day, d.known, d.early"""
        ]

        for select in known do
            session.Execute(
                insert
                    isRestricted
                    $"SELECT *, 'CONDITION//' || concept AS code, CAST(NULL AS FLOAT) AS number FROM ({select})"
            )

        session.Execute "DROP TABLE diagnoses"

    let private addPeople (session: DuckSession) =
        for select in
            [
                $"SELECT person_id, birth, '{birth}', NULL, NULL FROM people"
                "SELECT person_id, NULL, 'GENDER//' || gender, gender, NULL FROM people WHERE gender IS NOT NULL"
                "SELECT person_id, NULL, 'RACE//' || race, race, NULL FROM people WHERE race IS NOT NULL"
                "SELECT person_id, NULL, 'ETHNICITY//' || ethnicity, ethnicity, NULL FROM people WHERE ethnicity IS NOT NULL"
                $"SELECT person_id, known, '{death}', NULL, NULL FROM deaths"
                "SELECT person_id, begun, 'VISIT_START//' || kind, kind, NULL FROM visits"
                "SELECT person_id, over, 'VISIT_END//' || kind, kind, NULL FROM visits WHERE NOT is_open"
                "SELECT person_id, over, 'DISCHARGED_TO//' || discharged, discharged, NULL FROM visits WHERE NOT is_open AND discharged IS NOT NULL"
                $"SELECT v.person_id, v.begun, '{careSite}' || s.name, NULL, NULL FROM visits v JOIN sites s ON v.site = s.site"
            ] do
            session.Execute $"INSERT INTO records {select}"

    /// Makes `records`; where they are restricted, to the patients in `labels` up to the last prediction of each.
    let private addTables (session: DuckSession) folder isRestricted =
        session.Execute
            "CREATE TABLE records(subject_id BIGINT, time TIMESTAMP, code VARCHAR, concept BIGINT, numeric_value FLOAT)"

        if isRestricted then
            session.Execute
                "CREATE TABLE asked AS SELECT subject_id AS person_id, max(prediction_time) AS latest FROM labels GROUP BY subject_id"

        for source in dated do
            let time = source.Table.Times.Head

            OmopTable.load session folder source.Table (fun table ->
                insert
                    isRestricted
                    $"""SELECT person_id, {time}_known AS known, {source.Code} AS code, {coded source.Concept} AS concept,
                        {finite source.Number} AS number FROM {table}""")

        addConditions session folder isRestricted

    let private createView (session: DuckSession) further from =
        session.Execute
            $"CREATE VIEW events AS SELECT subject_id, time, code, numeric_value{further} FROM {from}"

    /// Makes `events` of what the tables of events say of the patients in `labels`, up to the last prediction of each.
    let ofTables (session: DuckSession) folder =
        addTables session folder true
        createView session "" "records"

    /// Makes `events`, also of births, visits and deaths; of the patients in `labels` as `ofTables` does, or of all; with names of
    /// concepts (else numbers) where they are asked for.
    let ofAll (session: DuckSession) folder isRestricted withNames =
        addTables session folder isRestricted
        addPeople session

        if withNames then
            OmopRecords.createConcepts session folder

            createView
                session
                $", coalesce(c.name, CAST(r.concept AS VARCHAR)) AS {nameColumn}"
                "records r LEFT JOIN (SELECT concept, any_value(name) AS name FROM concepts GROUP BY concept) c ON r.concept = c.concept"
        else
            createView session "" "records"
