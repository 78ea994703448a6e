module CausalDebiasing.Tests.Evidence.CellsTableTests

open System
open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open Expecto
open FsCheck

let private inFolder test =
    let folder = Directory.CreateTempSubdirectory "cells-table"

    try
        test folder.FullName
    finally
        folder.Delete true

let private data = SyntheticResults.world "acquisition" 0.4 0.5 3

let private rows results =
    results |> List.map (fun result -> "e", result) |> CellRow.ofResults

let private roundTrip rows =
    inFolder (fun folder ->
        let path = Path.Combine(folder, "cells.csv")
        CellsTable.writeCsv path rows
        CellsTable.readCsv path)

/// Equality that holds NaN equal to NaN.
let private same (left: CellRow list) (right: CellRow list) =
    left.Length = right.Length
    && List.forall2 (fun (a: CellRow) (b: CellRow) -> a.Equals b) left right

[<Tests>]
let tests =
    testList "CellsTable" [
        test "the header is the agreed one" {
            Expect.equal
                (String.Join(',', CellsTable.header))
                "experiment,dataset,baseline,variant,missing_rate,mechanism,confounding,label_noise,condition,seed,n_train,n_test,auroc,auprc,brier,ece,log_loss,oracle_auroc,fit_seconds,status,error,caveat,cell_id"
                "columns"
        }

        test "a finished cell has a row per condition, a failed one a row without" {
            let found =
                rows [
                    SyntheticResults.failed data "mt" Variant.plain "out of\nmemory, \"sorry\""
                    SyntheticResults.result data "mt" Variant.paper [
                        SyntheticResults.measure "id" 0.8
                        SyntheticResults.measure "do" 0.7
                    ]
                ]

            Expect.equal (found |> List.map _.Condition) [ "do"; "id"; "" ] "conditions"
            Expect.equal found[2].Error "out of memory, \"sorry\"" "one line"
            Expect.equal found[0].Mechanism "outcome-linked:0.5" "mechanism"
            Expect.isTrue (same found (roundTrip found)) "reads back equal"
        }

        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 10
            }
            "every number and text reads back equal"
            (fun (values: (float * NonEmptyString) list) ->
                let rows = [
                    for value, NonEmptyString text in values do
                        let printable =
                            text |> String.filter (fun c -> not (Char.IsControl c || Char.IsSurrogate c))

                        {
                            (rows [ SyntheticResults.cell data "mt" Variant.plain "do" 0.7 ]).Head with
                                Auroc = if Double.IsInfinity value then nan else value
                                LogLoss = if Double.IsInfinity value then nan else value / 3.
                                Error = printable.Trim()
                                Baseline = printable + ",\"x\""
                        }
                ]

                same rows (roundTrip rows))

        test "no text is a formula in a spreadsheet, and all read back equal" {
            let texts = [
                "=HYPERLINK(1)"
                "+1"
                "-x"
                "@sum"
                "\t=1"
                "'=1"
                "''-"
                "'quoted'"
                "plain"
            ]

            let written = [
                for text in texts ->
                    {
                        (rows [ SyntheticResults.cell data "mt" Variant.plain "do" 0.7 ]).Head with
                            Dataset = text
                            Error = text
                    }
            ]

            inFolder (fun folder ->
                let path = Path.Combine(folder, "cells.csv")
                CellsTable.writeCsv path written
                let second (line: string) = (line.Split ',')[1]

                let starts line =
                    (second line).TrimStart('"') |> Seq.head

                for line in File.ReadAllLines(path)[1..] do
                    Expect.isFalse (List.contains (starts line) [ '='; '+'; '-'; '@'; '\t' ]) line

                Expect.isTrue (same written (CellsTable.readCsv path)) "reads back equal")
        }

        test "the order of the results does not matter" {
            let results = SyntheticResults.run.Force() |> List.truncate 200
            let text = CellRow.ofResults results
            Expect.isTrue (same text (CellRow.ofResults (List.rev results))) "sorted"
        }

        test "a caveat reads back equal, and tables of builds without caveats are read" {
            let written =
                rows [ SyntheticResults.cell data "mt" Variant.plain "do" 0.7 ]
                |> List.map (fun row -> {
                    row with
                        Caveat = "few, \"very few\""
                })

            Expect.isTrue (same written (roundTrip written)) "caveat"

            inFolder (fun folder ->
                let path = Path.Combine(folder, "cells.csv")
                let plain = rows [ SyntheticResults.cell data "mt" Variant.plain "do" 0.7 ]
                CellsTable.writeCsv path plain

                let text =
                    (File.ReadAllText path).Replace(",caveat,", ",").Replace(",done,,,", ",done,,")

                File.WriteAllText(path, text)
                Expect.isTrue (same plain (CellsTable.readCsv path)) "older")
        }

        test "a table of something else is refused in one line" {
            inFolder (fun folder ->
                let path = Path.Combine(folder, "cells.csv")
                Expect.throwsT<InputException> (fun () -> CellsTable.readCsv path |> ignore) "absent"
                File.WriteAllText(path, "a,b\n1,2\n")
                Expect.throwsT<InputException> (fun () -> CellsTable.readCsv path |> ignore) "other columns"
                CellsTable.writeCsv path (rows [ SyntheticResults.cell data "mt" Variant.plain "do" 0.7 ])
                File.WriteAllText(path, (File.ReadAllText path).Replace("6000", "many"))

                try
                    CellsTable.readCsv path |> ignore
                    failtest "read text as a number"
                with :? InputException as error ->
                    Expect.isFalse (error.Message.Contains '\n') "one line")
        }
    ]
