module CausalDebiasing.Tests.Datasets.ManifestFormatTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyManifest

let private replaced (before: string) (after: string) =
    Expect.stringContains json before "the fixture has it"
    json.Replace(before, after)

/// The fixture's rows with the cells of one column changed.
let private withColumn name (change: int -> string -> string) =
    let column = Array.IndexOf(rows.Head.Split ',', name)

    rows.Head
    :: [
        for i, row in List.indexed rows.Tail do
            let cells = row.Split ','
            cells[column] <- change i cells[column]
            String.concat "," cells
    ]

let private timed = replaced "\"columns\": {" "\"time\": \"year\", \"columns\": {"

let private day i =
    DateTime(2015, 1, 1).AddDays(float (7 * i))

let private refuses parts manifest rows =
    expectInputError parts (fun () -> loadWith manifest (text rows))

[<Tests>]
let tests =
    testList "ManifestFormat" [
        test "sites, patients and categories are text" {
            let sites = withColumn "site" (fun i _ -> [ "01"; "1"; "10" ][i / 2 % 3])
            let loaded = loadWith json (text sites)
            Expect.equal (List.ofSeq loaded.Cohort.SiteNames) [ "01"; "1"; "10" ] "sites"

            let codes = withColumn "kind" (fun i _ -> if i % 2 = 0 then "0389" else "389")
            let cohort = (loadWith json (text codes)).Cohort
            Expect.equal cohort.Modalities[1].Width 3 "two codes beside bmi"

            let patients = withColumn "patient" (fun i _ -> [ "7"; "007"; "07" ][i % 3])
            Expect.equal (loadWith json (text patients)).Card.Patients 3 "patients"
        }

        test "a whole number written as a float is that whole number" {
            let patients =
                withColumn "patient" (fun i _ -> if i % 2 = 0 then $"{500 + i / 2}" else $"{500 + i / 2}.0")

            Expect.equal (loadWith json (text patients)).Card.Patients 20 "patients"

            let twice = withColumn "stay" (fun i cell -> if i = 1 then "100.0" else cell)
            refuses [ "row 2, column 'stay'"; "twice" ] json twice

            for written, code in
                [
                    "5e+02", "500"
                    "1.2345678901234568e+17", "123456789012345680"
                    "1E50", "1E50"
                    "-9.00", "-9"
                    "1.50", "1.50"
                    "00.0", "00"
                ] do
                Expect.equal (CodeText.canonical written) code "canonical"
        }

        test "numbers beyond 2^53 stay distinct" {
            let patients =
                withColumn "patient" (fun i _ -> $"{9007199254740992L + int64 (i / 2)}")

            Expect.equal (loadWith json (text patients)).Card.Patients 20 "patients"

            let stays = withColumn "stay" (fun i _ -> $"{9007199254740992L + int64 i}")
            Expect.equal (loadWith json (text stays)).Card.Rows 40 "rows"
        }

        test "a decimal comma is refused by its name until it is declared" {
            let semicolons (rows: string list) =
                rows |> List.map (fun row -> row.Replace(",", ";").Replace(".5", ",5"))

            refuses [ "row 2, column 'bmi'"; "decimal comma"; "'decimal'" ] json (semicolons rows)
            let expected = (loadWith json (text rows)).Cohort

            for declared in
                [
                    replaced "\"missing\": [\"?\"]" "\"decimal\": \",\", \"missing\": [\"?\"]"
                    replaced "\"bmi\": {" "\"bmi\": { \"decimal\": \",\","
                ] do
                let cohort = (loadWith declared (text (semicolons rows))).Cohort
                Expect.equal (cohort.Row(1, 1).ToArray()[0]) (expected.Row(1, 1).ToArray()[0]) "bmi"

            refuses
                [ "row 2, column 'bmi'"; "decimal mark is ','" ]
                (replaced "\"bmi\": {" "\"bmi\": { \"decimal\": \",\",")
                rows

            refuses [ "'decimal'" ] (replaced "\"bmi\": {" "\"bmi\": { \"decimal\": \"x\",") rows
        }

        test "marks that separate thousands are refused, and nobody is told to make codes of them" {
            let thousands = withColumn "age" (fun i _ -> $"\"1,{100 + i}\"")
            let message = InputErrors.message (fun () -> loadWith json (text thousands))

            for part in [ "row 1, column 'age'"; "thousands" ] do
                Expect.stringContains message part "said"

            Expect.isFalse (message.Contains "categorical") message
        }

        test "times in one form: ISO dates, or a declared one" {
            let expected = (loadWith timed (text rows)).Split

            let iso = withColumn "year" (fun i _ -> (day i).ToString "yyyy-MM-dd")
            Expect.equal (loadWith timed (text iso)).Split expected "ISO"

            let dayFirst = withColumn "year" (fun i _ -> (day i).ToString "dd/MM/yyyy")
            refuses [ "row 1, column 'year'"; "'columns'"; "dd/MM/yyyy" ] timed dayFirst

            let declared (format: string) =
                timed.Replace("\"bmi\": {", $"\"year\": {{ \"format\": \"{format}\" }}, \"bmi\": {{")

            Expect.equal (loadWith (declared "dd/MM/yyyy") (text dayFirst)).Split expected "declared"
            refuses [ "row 1, column 'year'"; "'format'" ] (declared "dd/MM/yyyy") iso
            refuses [ "toy.json"; "'format'" ] (declared "DD/MM/YYYY") dayFirst
        }

        test "times in several forms are refused, and both rows named" {
            for other in [ (day 30).ToString "yyyyMMdd"; "42005" ] do
                let mixed =
                    withColumn "year" (fun i _ -> if i = 30 then other else (day i).ToString "yyyy-MM-dd")

                refuses [ "row 31, column 'year'"; "row 1"; "2015-03-31" ] timed mixed
        }

        test "codes for missing may be numbers" {
            let loaded =
                loadWith
                    (replaced "\"bmi\": { \"missing\": [\"-1\"] }" "\"bmi\": { \"missing\": [-1] }")
                    (text rows)

            Expect.isFalse (loaded.Cohort.IsObserved(4, 1)) "-1"

            let floats = withColumn "bmi" (fun _ cell -> if cell = "-1" then "-1.00" else cell)
            Expect.isFalse ((loadWith json (text floats)).Cohort.IsObserved(4, 1)) "-1.00"
            refuses [ "Text or a number" ] (replaced "\"missing\": [\"-1\"]" "\"missing\": [{}]") rows
        }

        test "a file that begins with data has its names in the manifest" {
            let names =
                rows.Head.Split ','
                |> Array.map (fun name -> $"\"{name}\"")
                |> String.concat ", "

            let declared =
                replaced "\"missing\": [\"?\"]" $"\"header\": [{names}], \"missing\": [\"?\"]"

            let expected = (loadWith json (text rows)).Card

            Expect.equal $"%A{(loadWith declared (text rows.Tail)).Card}" $"%A{expected}" "without names"
            Expect.equal $"%A{(loadWith declared (text rows)).Card}" $"%A{expected}" "with names"

            refuses [ "toy.csv"; "8 columns"; "'header' names 9" ] declared [
                for row in rows.Tail -> row.Substring(0, row.LastIndexOf ',')
            ]
        }

        test "words of the outcome are all named, or refused with their counts" {
            let words =
                withColumn "death" (fun i cell ->
                    match cell, i with
                    | "1", _ -> [ "dead"; "Dead"; "DEAD" ][i % 3]
                    | _, 0 -> "lost"
                    | _ -> "alive")

            let outcome conditions =
                replaced "\"column\": \"death\"" ("\"column\": \"death\"" + conditions)

            refuses
                [
                    "row 1, column 'death'"
                    "'alive' 19"
                    "rare words 1"
                    "'positive' and 'negative'"
                ]
                (outcome ", \"positive\": \"= dead\"")
                words

            refuses
                [ "row 1, column 'death'"; "0 more rows" ]
                (outcome ", \"positive\": \"= dead\", \"negative\": \"= alive\"")
                words

            let named = outcome ", \"positive\": \"= dead\", \"negative\": \"= alive | lost\""
            Expect.equal (loadWith named (text words)).Card.Events 20 "in any case of letters"

            let unknown =
                (outcome ", \"positive\": \"= dead\", \"negative\": \"= alive\"")
                    .Replace("\"bmi\": {", "\"death\": { \"missing\": [\"lost\"] }, \"bmi\": {")

            Expect.equal (loadWith unknown (text words)).Card.Rows 39 "unknown"

            refuses
                [ "row 3"; "both" ]
                (outcome ", \"positive\": \"= dead\", \"negative\": \"= alive | dead\"")
                (withColumn "death" (fun _ cell -> if cell = "1" then "dead" else "alive"))
        }

        test "a corrected file of the same size and time is read anew" {
            TempFolder.withFolder (fun folder ->
                let path = write folder json (text rows)
                let table = Path.Combine(folder, "toy.csv")

                let load () =
                    (ManifestDataset.ofFile path).Load {
                        access with
                            Cache = Some(Path.Combine(folder, "cache"))
                    }

                let before = (load ()).Card.Events
                let time = File.GetLastWriteTimeUtc table

                File.WriteAllText(
                    table,
                    text (withColumn "death" (fun i cell -> if i < 2 then "1" else cell))
                )

                File.SetLastWriteTimeUtc(table, time)
                Expect.equal (load ()).Card.Events (before + 2) "events")
        }

        test "a table in place of a manifest is named as one" {
            for name in [ "my.csv"; "my.parquet"; "my.xlsx" ] do
                expectInputError [ name; "table"; "data init" ] (fun () -> ManifestDataset.ofFile name)
                expectInputError [ name; "table"; "data init" ] (fun () -> Manifest.read name)
        }

        test "few events in a part are said" {
            let lines card =
                (CardText.ofCard (CohortCard.publish card)).Lines |> String.concat "\n"

            let parted = replaced "\"id\":" "\"split\": \"part\", \"id\":"
            let card = (loadWith parted (text rows)).Card
            Expect.stringContains (lines card) "the test part has fewer than 10 events" "few"

            let withParts rows prevalence = {
                card with
                    Parts = [
                        for part in card.Parts ->
                            {
                                part with
                                    Rows = rows
                                    Prevalence = prevalence
                            }
                    ]
            }

            Expect.stringContains (lines (withParts 100 0.)) "one outcome class" "one class"
            Expect.stringContains (lines (withParts 100 0.95)) "rows without the event" "few others"
            Expect.isFalse ((lines (withParts 100 0.5)).Contains "caveat") "none"
        }
    ]
