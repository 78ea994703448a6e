/// What a run needs of its machine and does not get.
module CausalDebiasing.Bench.Cli.Faults.Surroundings

open System
open System.IO

let private mount (options: string) (folder: string) =
    (Play.start [] "mount" [ "-t"; "tmpfs"; "-o"; options; "tmpfs"; folder ]).Wait Play.patience

let private unmount (folder: string) =
    (Play.start [] "umount" [ folder ]).Wait Play.patience |> ignore

let private withDisk options (body: string -> string option) folder =
    let disk = Path.Combine(folder, "disk")
    Directory.CreateDirectory disk |> ignore
    let mounted = mount options disk

    if mounted.Code <> 0 then
        Some(Play.describe mounted)
    else
        try
            body disk
        finally
            unmount disk

let private noDisks () =
    if not Environment.IsPrivilegedProcess then
        Some "a small disk needs root"
    else
        let folder = Directory.CreateTempSubdirectory("causal-debias-").FullName

        try
            withDisk "size=1m" (fun _ -> None) folder
            |> Option.map (fun reason -> $"a small disk cannot be mounted ({reason})")
        finally
            Directory.Delete(folder, recursive = true)

let private fullDisk setting folder =
    let pages = setting.Random.Next(2, 24)

    folder
    |> withDisk $"size={4 * pages}k" (fun disk ->
        let out = Path.Combine(disk, "out")
        let ended = SmallGrid.run setting (SmallGrid.sweep setting setting.Manifest out)
        let isSaid = ended.Errors.Length = 1 && ended.Errors.Head.Contains "disk is full"

        Case.first [
            fun () ->
                Case.require
                    (ended.Code = 0 || ended.Code = 1 && isSaid)
                    $"{4 * pages} kB: {Play.describe ended}"
            fun () ->
                let larger = mount "remount,size=64m" disk
                Case.require (larger.Code = 0) (Play.describe larger)
            fun () -> SmallGrid.goesOn setting out
        ])

let private report setting environment prefix =
    let program, arguments = Play.self [ "report"; "--out"; setting.Finished ]
    let words = prefix @ (program :: arguments)
    (Play.start (SmallGrid.environment setting @ environment) words.Head words.Tail).Wait Play.patience

let private closedOutput setting _ =
    let ended = report setting [] [ "sh"; "-c"; "exec \"$@\" >&-"; "sh" ]
    Case.require (ended.Code = 2 && ended.Errors.Length = 1) (Play.describe ended)

let private noTemporaryFolder setting folder =
    let ended = report setting [ "TMPDIR", Path.Combine(folder, "missing") ] []
    Case.require (ended.Code = 0 || ended.Errors.Length = 1) (Play.describe ended)

let private noName setting _ =
    let ended = SmallGrid.run setting (SmallGrid.sweep setting setting.Manifest "")
    Case.require (ended.Code = 2 && ended.Errors.Length = 1) (Play.describe ended)

let private noPath setting folder =
    let file = Path.Combine(folder, "no-path.json")
    let text = File.ReadAllText setting.Manifest
    File.WriteAllText(file, text.Replace("\"path\": \"small.csv\"", ""))

    [
        [ "data"; "--check"; file ]
        SmallGrid.sweep setting file (Path.Combine(folder, "out"))
    ]
    |> List.map (SmallGrid.run setting)
    |> List.tryFind (fun ended -> ended.Code <> 2 || ended.Errors.Length <> 1)
    |> Option.map Play.describe

let private language (name: string) = [
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0"
    "LC_ALL", name
    "LANG", name
]

let private noLanguages () =
    let program, arguments = Play.self [ "help" ]

    let ended =
        (Play.start (language "de_DE.UTF-8") program arguments).Wait Play.patience

    if ended.Code <> 0 && ended.Errors |> List.exists _.Contains("ICU") then
        Some "the system has no ICU library, so that there is no other language"
    else
        None

let private otherLanguage setting folder =
    let languages = [| "de_DE.UTF-8"; "tr_TR.UTF-8" |]

    let environment =
        SmallGrid.environment setting
        @ language (setting.Random.GetItems(languages, 1)[0])

    let run arguments =
        let program, arguments = Play.self arguments
        (Play.start environment program arguments).Wait Play.patience

    let plan =
        run [
            "sweep"
            "--baselines"
            "logistic"
            "--seeds"
            "1"
            "--signal"
            "0.5"
            "--dry-run"
        ]

    let ended = run (SmallGrid.sweep setting setting.Manifest folder)

    Case.first [
        fun () ->
            Case.require
                (plan.Output.Contains "signal=0.5")
                $"a half is read as another number: {Play.describe plan}"
        fun () -> Case.require (ended.Code = 0) (Play.describe ended)
        fun () -> SmallGrid.isAsUndisturbed setting folder
    ]

let cases = [
    {
        Case.create "disk full" 1 4 fullDisk with
            Obstacle = noDisks
    }
    Case.create "standard output closed" 1 1 closedOutput
    Case.create "no temporary folder" 1 1 noTemporaryFolder
    Case.create "output folder without a name" 1 1 noName
    Case.create "manifest whose file has no path" 1 1 noPath
    {
        Case.create "numbers in another language" 1 2 otherLanguage with
            Obstacle = noLanguages
    }
]
