module CausalDebiasing.Tests.Datasets.AcesTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.InputErrors

let private withTask (text: string) action =
    TempFolder.withFolder (fun folder ->
        let path = Path.Combine(folder, "task.yaml")
        File.WriteAllText(path, text)
        action path)

/// Realisations of the task over events (subject, time, code, number): subject, trigger, prediction time and outcome, in order.
let private realise (events: string list) (task: string) =
    withTask task (fun path ->
        use session = new DuckSession()
        let file = Path.Combine(string (Path.GetDirectoryName path), "events.parquet")
        ToyMeds.parquet file ToyMeds.eventColumns events
        session.Execute $"CREATE VIEW events AS SELECT * FROM read_parquet({TableFile.literal file})"
        AcesCohort.create session (AcesTaskFile.read path)
        let found = Collections.Generic.List<string>()

        session.Visit
            """
            SELECT concat_ws(' ', subject_id, strftime("trigger", '%d %H:%M'), coalesce(strftime(prediction_time, '%d %H:%M'), '-'),
                coalesce(CAST(boolean_value AS VARCHAR), '-'))
            FROM task ORDER BY subject_id, "trigger" """
            (fun reader -> found.Add(reader.GetString 0))

        List.ofSeq found)

let private predicates =
    """
predicates:
  admission: { code: { regex: "^ADM//" } }
  discharge: { code: DIS }
  death: { code: { any: [DEATH, DIED] } }
  low: { code: SPO2, value_max: 90, value_max_inclusive: false }
  fine: { code: SPO2, value_min: 90, value_max: 120, value_min_inclusive: true, value_max_inclusive: true }
  ended: { expr: "or(discharge, death)" }
  both: { expr: "and(discharge, death)" }
"""

let private window name start finish startInclusive endInclusive rest =
    $"  {name}: {{ start: {start}, end: {finish}, start_inclusive: {startInclusive}, end_inclusive: {endInclusive}{rest} }}\n"

let private task trigger windows =
    predicates + $"trigger: {trigger}\nwindows:\n" + String.concat "" windows

let private events = [
    "1,,SEX//M,"
    "1,2020-01-01 00:00:00,ADM//A,"
    "1,2020-01-01 06:00:00,SPO2,90"
    "1,2020-01-01 12:00:00,SPO2,89"
    "1,2020-01-01 12:00:00,SPO2,95"
    "1,2020-01-02 00:00:00,DIS,"
    "1,2020-01-03 00:00:00,ADM//B,"
    "1,2020-01-03 00:00:00,DIS,"
    "1,2020-01-04 00:00:00,DIS,"
    "1,2020-01-04 00:00:00,DIED,"
    "2,,SEX//F,"
    "2,2020-01-01 00:00:00,ADM//A,"
    "2,2020-01-01 00:00:00,PRE-ADM//X,"
    "2,2020-01-05 00:00:00,SPO2,120"
]

[<Tests>]
let tests =
    testList "Aces" [
        test "a window to the next event: its own start is no end where the start is not in it" {
            let run inclusive =
                realise
                    events
                    (task "admission" [
                        window
                            "stay"
                            "trigger"
                            "start -> discharge"
                            inclusive
                            true
                            ", index_timestamp: end, label: death"
                    ])

            Expect.equal
                (run false)
                [ "1 01 00:00 02 00:00 false"; "1 03 00:00 04 00:00 true" ]
                "the discharge with the admission is passed over; subject 2 is never discharged"

            Expect.equal
                (run true)
                [ "1 01 00:00 02 00:00 false"; "1 03 00:00 03 00:00 false" ]
                "it ends the stay that begins with it"
        }

        test "a window from the event before, and from the beginning of the record" {
            Expect.equal
                (realise
                    events
                    (task "discharge" [
                        window
                            "stay"
                            "end <- admission"
                            "trigger"
                            true
                            false
                            ", index_timestamp: start, label: fine"
                    ]))
                [
                    "1 02 00:00 01 00:00 true"
                    "1 03 00:00 01 00:00 true"
                    "1 04 00:00 03 00:00 false"
                ]
                "the admission at the trigger is not before it where the end is not in the window"

            Expect.equal
                (realise
                    events
                    (task "discharge" [
                        window
                            "past"
                            "null"
                            "trigger"
                            true
                            true
                            ", index_timestamp: end, has: { admission: \"(2, None)\" }"
                    ]))
                [ "1 03 00:00 03 00:00 -"; "1 04 00:00 04 00:00 -" ]
                "two admissions by then"

            Expect.equal
                (realise
                    events
                    (task "_RECORD_START" [
                        window "all" "trigger" "null" true true ", index_timestamp: start, label: death"
                    ]))
                [ "1 01 00:00 01 00:00 true"; "2 01 00:00 01 00:00 false" ]
                "to the end of the record"
        }

        test "both ends count as their flags say, and bounds of values likewise" {
            let run startInclusive endInclusive predicate =
                realise
                    events
                    (task "admission" [
                        window
                            "day"
                            "trigger + 6h"
                            "start + 6 hours"
                            startInclusive
                            endInclusive
                            $", index_timestamp: end, has: {{ {predicate}: \"(1, 1)\" }}"
                    ])

            Expect.hasLength (run true false "fine") 1 "90 at six o'clock"
            Expect.hasLength (run false false "fine") 0 "without the start"
            Expect.hasLength (run false true "fine") 1 "95 at twelve"
            Expect.hasLength (run true true "fine") 0 "two of them"
            Expect.hasLength (run true true "low") 1 "89, and not 90"
        }

        test "or and and hold of all events of a moment; moments count once" {
            let run trigger =
                realise events (task trigger []) |> List.map (fun row -> row.Substring(0, 10))

            Expect.equal (run "both") [ "1 04 00:00" ] "discharged and died in one moment"
            Expect.equal (run "ended") [ "1 02 00:00"; "1 03 00:00"; "1 04 00:00" ] "either"

            Expect.equal
                (realise
                    events
                    (task "admission" [
                        window
                            "first"
                            "trigger"
                            "start + 12h"
                            true
                            true
                            ", index_timestamp: end, has: { _ANY_EVENT: \"(3, 3)\" }"
                    ]))
                [ "1 01 00:00 01 12:00 -" ]
                "four events in three moments"
        }

        test "windows follow each other in whatever order they are written" {
            Expect.equal
                (realise
                    events
                    (task "admission" [
                        window "target" "gap.end" "start + 2 days" false true ", label: death"
                        window
                            "gap"
                            "trigger"
                            "start + 1 day"
                            false
                            true
                            ", index_timestamp: end, has: { admission: \"(None, 0)\" }"
                    ]))
                [
                    "1 01 00:00 02 00:00 true"
                    "1 03 00:00 04 00:00 false"
                    "2 01 00:00 02 00:00 false"
                ]
                "death at the end of the target is in it, and at the end of the gap is not"
        }

        test "static predicates choose subjects, and further columns must hold their text" {
            let static' =
                task "admission" [] + "patient_demographics:\n  male: { code: SEX//M }\n"

            let subjects = realise events static' |> List.map (fun row -> row.Substring(0, 1))
            Expect.equal subjects [ "1"; "1" ] "men"
        }

        test "durations are sums of units or a time of day" {
            let parsed =
                List.map AcesDuration.tryParse [
                    "24h"
                    "7 days"
                    "1 day 2 hours 3 minutes 4 seconds"
                    "1 day, 14:20:16"
                    "1.5h"
                    "2 wk"
                ]

            Expect.equal
                parsed
                (List.map Some [
                    TimeSpan.FromHours 24.
                    TimeSpan.FromDays 7.
                    TimeSpan.FromSeconds(86400. + 7384.)
                    TimeSpan.FromSeconds(86400. + 51616.)
                    TimeSpan.FromMinutes 90.
                    TimeSpan.FromDays 14.
                ])
                "durations"

            for text in [ ""; "24"; "h"; "3 months"; "1 day x" ] do
                Expect.isNone (AcesDuration.tryParse text) text
        }

        test "what is not in the language is refused by file and line" {
            let refuses parts text =
                withTask text (fun path ->
                    let said = message (fun () -> AcesTaskFile.read path)

                    for part: string in "task.yaml, line" :: parts do
                        Expect.stringContains said part "what is wrong")

            let ok = window "w" "trigger" "start + 1h" true true ""
            refuses [ "'trigger'" ] "predicates: { a: { code: A } }"
            refuses [ "'admision'" ] (task "admision" [ ok ])
            refuses [ "no YAML" ] "trigger: [a"
            refuses [ "line 2"; "'windws'" ] "trigger: a\nwindws: {}"

            refuses
                [ "no duration" ]
                (task "admission" [ window "w" "trigger" "start + 3 moons" true true "" ])

            refuses [ "ends before" ] (task "admission" [ window "w" "trigger" "start - 3h" true true "" ])
            refuses [ "starts after" ] (task "admission" [ window "w" "end -> death" "trigger" true true "" ])

            refuses
                [ "refer to each other" ]
                (task "admission" [ window "w" "end - 1h" "start + 1h" true true "" ])

            refuses [ "neither" ] (task "admission" [ window "w" "trigger" "trigger + 1h" true true "" ])
            refuses [ "not there, or" ] (task "admission" [ window "w" "x.end" "start + 1h" true true "" ])

            refuses
                [ "range of counts" ]
                (task "admission" [ window "w" "trigger" "start + 1h" true true ", has: { death: 3 }" ])

            refuses
                [ "2 windows" ]
                (task "admission" [
                    window "a" "trigger" "start + 1h" true true ", label: death"
                    window "b" "trigger" "start + 1h" true true ", label: low"
                ])

            refuses [ "made of itself" ] "trigger: a\npredicates: { a: { expr: 'or(a, b)' }, b: { code: B } }"

            refuses
                [ "'c', which is not there" ]
                "trigger: a\npredicates: { a: { expr: 'or(b, c)' }, b: { code: B } }"

            refuses [ "'expr'" ] "trigger: a\npredicates: { a: { expr: 'not(b)' } }"

            refuses
                [ "'start_inclusive'" ]
                "trigger: a\npredicates: { a: { code: A } }\nwindows: { w: { start: trigger, end: start + 1h } }"

            Expect.stringContains
                (message (fun () -> realise events "trigger: a\npredicates: { a: { code: { regex: '*' } } }"))
                "regular expression"
                "a regex that is none"
        }

        test "a task without prediction time or outcome is no data set" {
            TempFolder.withFolder (fun folder ->
                ToyMeds.write folder ToyMeds.events ToyMeds.labels

                let refusesAt trigger part rest =
                    let path = Path.Combine(folder, "task.yaml")

                    File.WriteAllText(
                        path,
                        task trigger [ window "w" "trigger" "start + 1h" true true rest ]
                    )

                    Expect.stringContains
                        (message (fun () -> ToyMeds.load $"{folder}@task:{path}"))
                        part
                        "what is missing"

                refusesAt "_ANY_EVENT" "no prediction time" ", label: death"
                refusesAt "_ANY_EVENT" "no outcome" ", index_timestamp: end"
                refusesAt "low" "no row" ", label: death, index_timestamp: end")
        }
    ]
