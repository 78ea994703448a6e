namespace CausalDebiasing.Bench.Worlds

/// The tables of Hospital worlds: which modalities and columns there are, in clinical units.
module HospitalTable =
    /// The latent states: how far organs fail.
    let circulation, respiration, kidney, inflammation, frailty = 0, 1, 2, 3, 4
    let latents = 5

    /// Groups in the table of diagnoses.
    let diagnoses = 8

    let private column name law loads : HospitalColumn = {
        Name = name
        Law = law
        Loads = loads
    }

    let private measured name (location, spread, step, lowest, highest) loads =
        column name (Measured(location, spread, step, lowest, highest)) loads

    let private laboratory name median spread loads =
        column name (Laboratory(median, spread)) loads

    let private flag name share loads = column name (Flag share) loads

    let private modality name rarity columns = {
        Name = name
        Columns = Array.ofList columns
        Rarity = rarity
    }

    let private demographics =
        modality "demographics" 0. [
            measured "age" (62., 15., 1., 18., 100.) [ frailty, 0.8 ]
            flag "sex" 0.45 []
            measured "weight" (78., 16., 1., 35., 220.) [ frailty, -0.2 ]
            flag "emergency" 0.6 [ circulation, 0.5; respiration, 0.5 ]
        ]

    let private history =
        modality "history" -0.7 [
            flag "hypertension" 0.5 [ frailty, 0.7 ]
            flag "diabetes" 0.25 [ frailty, 0.4; kidney, 0.4 ]
            flag "heart-failure" 0.18 [ circulation, 0.8; frailty, 0.4 ]
            flag "lung-disease" 0.15 [ respiration, 0.9 ]
            flag "kidney-disease" 0.14 [ kidney, 0.9 ]
            flag "cancer" 0.1 [ frailty, 0.3; inflammation, 0.3 ]
            flag "stroke" 0.07 [ frailty, 0.6 ]
        ]

    let private consciousness =
        column "consciousness" (Level [| -1.8; -1.2; -0.6; 0.; 0.7 |]) [
            circulation, -0.5
            respiration, -0.4
        ]

    let private vitals = [
        measured "heart-rate" (88., 15., 2., 30., 220.) [ circulation, 0.7; inflammation, 0.4 ]
        measured "systolic-pressure" (126., 18., 2., 50., 240.) [ circulation, -0.8 ]
        measured "respiratory-rate" (19., 4., 1., 6., 50.) [ respiration, 0.8; inflammation, 0.2 ]
        measured "oxygen-saturation" (96., 2.5, 1., 60., 100.) [ respiration, -0.8 ]
        measured "temperature" (37.1, 0.6, 0.1, 33., 42.) [ inflammation, 0.8 ]
    ]

    let private chemistry = [
        laboratory "creatinine" 1.1 0.4 [ kidney, 0.9 ]
        laboratory "urea" 22. 0.45 [ kidney, 0.8; frailty, 0.2 ]
        laboratory "potassium" 4.2 0.1 [ kidney, 0.4 ]
        measured "sodium" (138., 4., 1., 110., 170.) [ frailty, -0.3 ]
        laboratory "bilirubin" 0.8 0.6 [ inflammation, 0.4; circulation, 0.2 ]
        measured "albumin" (3.6, 0.5, 0.1, 1., 6.) [ inflammation, -0.5; frailty, -0.4 ]
        laboratory "glucose" 125. 0.3 [ inflammation, 0.4 ]
        measured "haemoglobin" (11.8, 1.7, 0.1, 4., 20.) [ frailty, -0.4; kidney, -0.3 ]
        laboratory "white-cells" 9.5 0.4 [ inflammation, 0.9 ]
        laboratory "platelets" 215. 0.35 [ inflammation, -0.3 ]
    ]

    let private bloodGas = [
        measured "ph" (7.37, 0.06, 0.01, 6.8, 7.8) [ circulation, -0.5; respiration, -0.4 ]
        laboratory "carbon-dioxide" 40. 0.18 [ respiration, 0.6 ]
        laboratory "oxygen" 85. 0.25 [ respiration, -0.6 ]
        laboratory "lactate" 1.6 0.5 [ circulation, 0.9 ]
    ]

    let private markers = [
        laboratory "troponin" 0.04 1.1 [ circulation, 0.7; kidney, 0.2 ]
        laboratory "natriuretic-peptide" 900. 0.9 [ circulation, 0.5; frailty, 0.4 ]
    ]

    let private imaging =
        modality "imaging" 0.4 [
            flag "infiltrate" 0.3 [ inflammation, 0.7; respiration, 0.6 ]
            flag "effusion" 0.2 [ circulation, 0.6; respiration, 0.4 ]
            flag "enlarged-heart" 0.25 [ circulation, 0.7 ]
        ]

    let private orders =
        modality "orders" -0.3 [
            flag "vasopressor" 0.12 [ circulation, 1. ]
            flag "antibiotic" 0.4 [ inflammation, 0.9 ]
            column "drugs" (Count 7.) [ frailty, 0.25; circulation, 0.1 ]
            column "notes" (Count 3.) [ respiration, 0.2; circulation, 0.2 ]
        ]

    let private score =
        modality "score" 0.2 [
            column "triage" (Level [| -1.6; -0.5; 0.4; 1.3 |]) [
                circulation, 0.5
                respiration, 0.4
                inflammation, 0.3
            ]
        ]

    /// Nine modalities of 1 to 10 columns, 41 together.
    let standard = [|
        demographics
        history
        modality "vitals" -1.3 (vitals @ [ consciousness ])
        modality "laboratory" -0.7 chemistry
        modality "blood-gas" 0.7 bloodGas
        modality "cardiac-markers" 0.9 markers
        imaging
        orders
        score
    |]

    /// The first and the last value of a day, each telling less of the state.
    let private twice columns = [
        for column: HospitalColumn in columns do
            for time in [ "first"; "last" ] do
                {
                    column with
                        Name = $"{column.Name}-{time}"
                        Loads = column.Loads |> List.map (fun (state, load) -> state, 0.6 * load)
                }
    ]

    /// The standard table with every measured value twice: 63 columns.
    let wide =
        standard
        |> Array.map (fun modality ->
            if
                Array.exists HospitalColumn.isNumeric modality.Columns
                && modality.Name <> "demographics"
            then
                {
                    modality with
                        Columns = modality.Columns |> List.ofArray |> twice |> Array.ofList
                }
            else
                modality)

    /// The standard table with every value as whether it is above a limit.
    let binary =
        let shares = [| 0.5; 0.3; 0.2; 0.4; 0.1; 0.25; 0.07 |]

        standard
        |> Array.map (fun modality -> {
            modality with
                Columns =
                    modality.Columns
                    |> Array.mapi (fun i column ->
                        match column.Law with
                        | Flag _ -> column
                        | _ -> {
                            column with
                                Law = Flag shares[i % shares.Length]
                          })
        })

    /// The standard table with nothing but lactate telling of the state: of the circulation alone.
    let single =
        standard
        |> Array.map (fun modality -> {
            modality with
                Columns =
                    modality.Columns
                    |> Array.map (fun column -> {
                        column with
                            Loads = if column.Name = "lactate" then [ circulation, 1.8 ] else []
                    })
        })

    let private category name limits loads =
        column name (OneHot(Array.ofList limits)) loads

    let private flags name (shares: float list) =
        shares
        |> List.mapi (fun i share ->
            flag $"{name}-{i + 1}" share [ i % latents, 0.8; (i * 2 + 1) % latents, 0.4 ])

    /// Mostly 0/1 and one-hot columns; the first modality has the main diagnosis, which is the patient's group.
    let categories = [|
        modality "diagnosis" 0. [
            column "diagnosis" (Group diagnoses) []
            flag "sex" 0.45 []
            measured "age" (62., 15., 1., 18., 100.) [ frailty, 0.8 ]
        ]
        modality "admission" -0.8 [
            category "route" [ -0.8; 0.; 1. ] [ circulation, 0.4 ]
            category "unit" [ -1.; -0.2; 0.4; 1.2 ] [ respiration, 0.4 ]
            flag "emergency" 0.6 [ circulation, 0.5; respiration, 0.5 ]
        ]
        modality "history" -0.5 (flags "condition" [ 0.5; 0.3; 0.2; 0.15; 0.1; 0.08; 0.25; 0.05; 0.12; 0.03 ])
        modality "procedures" 0.3 (flags "procedure" [ 0.3; 0.15; 0.1; 0.05; 0.2; 0.4 ])
        modality "medication" -0.2 [
            yield! flags "drug" [ 0.6; 0.4; 0.3; 0.2; 0.1; 0.07; 0.15; 0.04 ]
            column "drugs" (Count 7.) [ frailty, 0.25 ]
        ]
        modality "findings" 0.4 [
            category "chest" [ 0.2; 1.; 1.6 ] [ respiration, 0.7 ]
            category "heart" [ 0.4; 1.2 ] [ circulation, 0.7 ]
            category "urine" [ -0.5; 0.5; 1.4 ] [ kidney, 0.7 ]
        ]
        modality "laboratory" 0. [
            laboratory "creatinine" 1.1 0.4 [ kidney, 0.9 ]
            laboratory "white-cells" 9.5 0.4 [ inflammation, 0.9 ]
        ]
    |]
