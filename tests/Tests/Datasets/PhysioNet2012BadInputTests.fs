module CausalDebiasing.Tests.Datasets.PhysioNet2012BadInputTests

open System.IO
open Expecto
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Bench.Datasets

let private refused name parts files =
    test name {
        withFolder (fun root ->
            writeFolder root files
            expectInputError parts (fun () -> load PhysioNet2012.defaults root))
    }

let private refusedRow name row parts =
    standard
    |> edit "9002.txt" (fun text -> text + row + "\n")
    |> refused name ("9002.txt, line 13" :: parts)

let private outcomes change = {
    standard with
        Outcomes = change standard.Outcomes
}

let private replace (before: string) (after: string) (text: string) = text.Replace(before, after)

[<Tests>]
let tests =
    testList "PhysioNet2012BadInput" [
        refusedRow "a value that is no number" "04:00,HR,fast" [ "column Value"; "not a number" ]
        refusedRow "a value that is not finite" "04:00,HR,Infinity" [ "column Value"; "not a number" ]
        refusedRow "a missing column" "04:00,HR" [ "three columns" ]
        refusedRow "a column too many" "04:00,HR,80,1" [ "three columns" ]
        refusedRow "a time without minutes" "0400,HR,80" [ "column Time"; "hh:mm" ]
        refusedRow "a time with 60 minutes" "04:60,HR,80" [ "column Time" ]
        refusedRow "a time after 48 hours" "48:01,HR,80" [ "column Time"; "48:00" ]
        refusedRow "a time that is no number" "x4:00,HR,80" [ "column Time" ]
        refusedRow "an unknown parameter" "04:00,Pulse,80" [ "column Parameter" ]
        refusedRow "an unknown ICU type" "04:00,ICUType,5" [ "column Value"; "ICU type" ]

        standard
        |> edit "9002.txt" (replace "Time,Parameter,Value" "Time;Parameter;Value")
        |> refused "another header" [ "9002.txt, line 1"; "Time,Parameter,Value" ]

        standard
        |> edit "9002.txt" (replace "00:00,ICUType,2\n" "")
        |> refused "no ICU type" [ "9002.txt"; "ICUType" ]

        standard
        |> edit "9002.txt" (replace "RecordID,9002" "RecordID,9001")
        |> refused "a record number that is not the file's" [ "9002.txt"; "RecordID" ]

        standard
        |> edit "9002.txt" (fun _ -> "")
        |> refused "an empty record" [ "9002.txt, line 1" ]

        outcomes (replace "3,1\n" "3,2\n")
        |> refused "an outcome that is not 0, 1 or -1" [ "Outcomes-a.txt, line 3"; "In-hospital_death" ]

        outcomes (replace "In-hospital_death" "Death")
        |> refused "an outcome file without the column" [ "Outcomes-a.txt, line 1"; "In-hospital_death" ]

        outcomes (replace "9002,16," "9002,")
        |> refused "an outcome row with a column missing" [ "Outcomes-a.txt, line 3"; "5 columns" ]

        outcomes (fun text -> text + "9002,1,1,1,1,1\n")
        |> refused "an outcome that occurs twice" [ "Outcomes-a.txt, line 13"; "twice" ]

        outcomes (replace "9002,16" "x,16")
        |> refused "an outcome without a record number" [ "Outcomes-a.txt, line 3"; "RecordID" ]

        outcomes (fun text -> text + "9999,1,1,1,1,1\n")
        |> refused "an outcome without a record" [ "Outcomes-a.txt, line 13"; "set-a" ]

        outcomes (replace "9002,16,8,8,3,1\n" "")
        |> refused "a record without an outcome" [ "9002.txt"; "Outcomes-a.txt" ]

        outcomes (replace ",1\n" ",0\n")
        |> refused "outcomes of one class" [ "both outcomes"; "In-hospital_death" ]

        outcomes (fun _ -> "")
        |> refused "an empty outcome file" [ "Outcomes-a.txt, line 1" ]

        standard
        |> edit "9001.txt" (replace "06:00,Lactate,2\n" "")
        |> refused "a modality that is never observed" [ "'lactate'"; "never observed"; "physionet2012" ]

        { standard with Records = Map.empty }
        |> refused "an empty folder" [ "set-a"; "holds no record" ]

        test "a missing outcome file" {
            withFolder (fun root ->
                writeFolder root standard
                File.Delete(Path.Combine(dataFolder root, "Outcomes-a.txt"))
                expectInputError [ "lacks Outcomes-a.txt" ] (fun () -> load PhysioNet2012.defaults root))
        }

        test "a set that was asked for and is not there" {
            withFolder (fun root ->
                writeFolder root standard

                expectInputError [ "lacks Outcomes-b.txt" ] (fun () ->
                    load
                        {
                            PhysioNet2012.defaults with
                                Sets = [ A; B ]
                        }
                        root))
        }

        test "a record that two sets hold" {
            withFolder (fun root ->
                writeFolder root standard
                writeSet "b" root standard

                expectInputError [ "two sets hold the same record" ] (fun () ->
                    load
                        {
                            PhysioNet2012.defaults with
                                Sets = [ A; B ]
                        }
                        root))
        }

        test "an archive cut anywhere, and one that is none" {
            withFolder (fun root ->
                writeArchive root standard
                let path = Path.Combine(dataFolder root, "set-a.tar.gz")
                let whole = File.ReadAllBytes path

                for length in [ 0; 5; whole.Length / 3; whole.Length / 2; whole.Length - 200 ] do
                    File.WriteAllBytes(path, whole[.. length - 1])
                    expectInputError [ "set-a.tar.gz" ] (fun () -> load PhysioNet2012.defaults root)

                File.WriteAllText(path, "no archive at all")
                expectInputError [ "set-a.tar.gz"; "no tar.gz" ] (fun () -> load PhysioNet2012.defaults root))
        }

        test "no message holds a value of the row" {
            withFolder (fun root ->
                for row in [ "04:00,HR,4711x"; "4711,HR,80"; "04:00,4711,80"; "04:00,HR,80,4711" ] do
                    writeFolder root (standard |> edit "9002.txt" (fun text -> text + row + "\n"))

                    try
                        load PhysioNet2012.defaults root |> ignore
                        failtest "was read"
                    with :? CausalDebiasing.Runtime.InputException as error ->
                        Expect.isFalse (error.Message.Contains "4711") error.Message)
        }
    ]
