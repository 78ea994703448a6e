namespace CausalDebiasing.Bench.Datasets

/// Persons, visits, deaths and care sites as tables of a session.
module OmopRecords =
    let private person = {
        Name = "person"
        Keys = [ "person_id" ]
        Concepts = [ "gender_concept_id"; "year_of_birth" ]
        Further = [
            "month_of_birth", Whole, []
            "day_of_birth", Whole, []
            "birth_datetime", Moment, []
            "race_concept_id", Whole, []
            "ethnicity_concept_id", Whole, []
        ]
        Times = []
    }

    /// Names of 5.4, then of 5.3.
    let private discharged, private dischargedBefore =
        "discharged_to_concept_id", "discharge_to_concept_id"

    let private visit = {
        Name = "visit_occurrence"
        Keys = [ "visit_occurrence_id"; "person_id" ]
        Concepts = [ "visit_concept_id" ]
        Further = [
            "visit_type_concept_id", Whole, []
            "care_site_id", Whole, []
            "admitted_from_concept_id", Whole, [ "admitting_source_concept_id" ]
            discharged, Whole, [ dischargedBefore ]
        ]
        Times = [ "visit_start"; "visit_end" ]
    }

    let private death = {
        Name = "death"
        Keys = [ "person_id" ]
        Concepts = []
        Further = []
        Times = [ "death" ]
    }

    let private careSite = {
        Name = "care_site"
        Keys = [ "care_site_id" ]
        Concepts = []
        Further = [ "care_site_name", Words, [] ]
        Times = []
    }

    let private concept = {
        Name = "concept"
        Keys = [ "concept_id" ]
        Concepts = []
        Further = [ "concept_name", Words, [] ]
        Times = []
    }

    let private ancestor = {
        Name = "concept_ancestor"
        Keys = [ "ancestor_concept_id"; "descendant_concept_id" ]
        Concepts = []
        Further = []
        Times = []
    }

    /// Tables that say who stayed where and when.
    let tables = [ person; visit; death; careSite; ancestor ] |> List.map _.Name

    /// The table that says what concepts are called, which only tasks ask for.
    let vocabulary = concept.Name

    let private count (session: DuckSession) sql =
        let mutable count = 0L
        session.Visit sql (fun reader -> count <- reader.GetInt64 0)
        count

    /// Raises InputException when a key is there twice.
    let private checkDistinct session (folder: OmopFolder) table relation key =
        let twice =
            count
                session
                $"SELECT count(*) FROM (SELECT 1 FROM {relation} GROUP BY {key} HAVING count(*) > 1)"

        if twice > 0L then
            TableError.refuse
                folder.Path
                $"the table '{table}' has {twice} values of {key} in more than one row"
                "keep one row of each"

    let private createPeople (session: DuckSession) folder =
        session.Execute
            "CREATE TABLE people(person_id BIGINT, gender BIGINT, race BIGINT, ethnicity BIGINT, birth TIMESTAMP)"

        let date month day =
            $"TRY_CAST(printf('%%04d-%%02d-%%02d', year_of_birth, {month}, {day}) AS TIMESTAMP)"

        let one = "CAST(1 AS BIGINT)"

        OmopTable.load session folder person (fun table ->
            $"""
            INSERT INTO people
            SELECT person_id, gender_concept_id, race_concept_id, ethnicity_concept_id,
                coalesce(birth_datetime, {date "coalesce(month_of_birth, 1)" "coalesce(day_of_birth, 1)"}, {date one one})
            FROM {table}""")

        checkDistinct session folder person.Name "people" "person_id"

    let private createVisits (session: DuckSession) folder =
        session.Execute
            """
            CREATE TABLE visits(visit_id BIGINT, person_id BIGINT, kind BIGINT, first_day DATE, opened TIMESTAMP, begun TIMESTAMP,
                last_day DATE, closed TIMESTAMP, over TIMESTAMP, is_open BOOLEAN, site BIGINT, admitted BIGINT, discharged BIGINT)"""

        OmopTable.load session folder visit (fun table ->
            $"""
            INSERT INTO visits
            SELECT visit_occurrence_id, person_id, coalesce(visit_concept_id, 0), visit_start_day, visit_start_from, visit_start_known,
                visit_end_day, visit_end_from, visit_end_known,
                visit_end_day IS NULL OR coalesce(visit_type_concept_id, 0) = {OmopConcepts.stillPatient}
                    OR coalesce({discharged}, 0) = {OmopConcepts.stillPatient},
                care_site_id, nullif(admitted_from_concept_id, 0), nullif({discharged}, 0)
            FROM {table}""")

        checkDistinct session folder visit.Name "visits" "visit_id"

        match count session "SELECT count(*) FROM visits WHERE first_day IS NULL" with
        | 0L -> ()
        | undated ->
            TableError.refuse
                folder.Path
                $"the table '{visit.Name}' has {undated} rows without visit_start_date"
                "fill or remove them"

        match
            count session "SELECT count(*) FROM visits v ANTI JOIN people p ON v.person_id = p.person_id"
        with
        | 0L -> ()
        | strangers ->
            TableError.refuse
                folder.Path
                $"the table '{visit.Name}' has {strangers} rows whose person_id is not in the table '{person.Name}'"
                "get both tables of one export"

    let private createDeaths (session: DuckSession) folder =
        session.Execute "CREATE TABLE deaths(person_id BIGINT, day DATE, earliest TIMESTAMP, known TIMESTAMP)"

        OmopTable.load session folder death (fun table ->
            $"INSERT INTO deaths SELECT person_id, death_day, death_from, death_known FROM {table} WHERE death_day IS NOT NULL")

    /// Care sites by name, with the number where the name is that of several, and the number where there is no name.
    let private createSites (session: DuckSession) folder =
        session.Execute "CREATE TABLE places(site BIGINT, name VARCHAR)"

        OmopTable.load session folder careSite (fun table ->
            $"INSERT INTO places SELECT care_site_id, nullif(trim(care_site_name), '') FROM {table}")

        checkDistinct session folder careSite.Name "places" "site"

        session.Execute
            """
            CREATE TABLE sites AS
            SELECT v.site, CASE WHEN p.name IS NULL THEN CAST(v.site AS VARCHAR)
                WHEN count(*) OVER (PARTITION BY p.name) > 1 THEN p.name || ' (' || v.site || ')' ELSE p.name END AS name
            FROM (SELECT DISTINCT site FROM visits WHERE site IS NOT NULL) v LEFT JOIN places p ON v.site = p.site"""

    /// Kinds of visits: the concepts and, where the vocabulary is there, what is below them.
    let private createKinds (session: DuckSession) folder kinds =
        let rows = kinds |> List.map (fun kind -> $"({kind})") |> String.concat ", "

        session.Execute
            $"CREATE TABLE kinds AS SELECT CAST(kind AS BIGINT) AS kind FROM (VALUES {rows}) k(kind)"

        OmopTable.load session folder ancestor (fun table ->
            $"INSERT INTO kinds SELECT descendant_concept_id FROM {table} WHERE ancestor_concept_id IN ({OmopConcepts.listed kinds})")

    /// Makes `concepts` (concept, name) where there is a table of them, else an empty one.
    let createConcepts (session: DuckSession) folder =
        session.Execute "CREATE TABLE concepts(concept BIGINT, name VARCHAR)"

        OmopTable.load session folder concept (fun table ->
            $"INSERT INTO concepts SELECT concept_id, nullif(trim(concept_name), '') FROM {table}")

    /// Whether the folder says who died.
    let hasDeaths folder =
        not (OmopFolder.files folder death.Name).IsEmpty
        || OmopTable.names folder visit.Name
           |> List.exists (fun name -> name = discharged || name = dischargedBefore)

    /// The version that the names of columns are of.
    let version folder =
        let names = OmopTable.names folder visit.Name

        if List.contains discharged names then "5.4"
        elif List.contains dischargedBefore names then "5.3"
        else "5.3 or 5.4"

    /// Makes `people`, `visits`, `deaths`, `sites` and `kinds` (of visits that are stays). Raises InputException for tables that are
    /// not there or malformed.
    let create session (folder: OmopFolder) kinds =
        match OmopFolder.tryMissing folder with
        | Some table ->
            TableError.refuse
                folder.Path
                $"the table '{table}' of OMOP is not there"
                "put it there (csv, csv.gz or Parquet)"
        | None -> ()

        createPeople session folder
        createVisits session folder
        createDeaths session folder
        createSites session folder
        createKinds session folder kinds
