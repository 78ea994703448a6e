/// Stored models that are damaged, and models that several threads use.
module CausalDebiasing.Bench.Cli.Faults.Checkpoints

open System
open System.IO
open System.Security.Cryptography
open System.Threading.Tasks
open CausalDebiasing
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Catalogue
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// A fitted model with what it predicts for the rows of a test.
type private Model = {
    Id: string
    /// The model's own stream, which is a part of a checkpoint.
    Plain: byte[]
    Checkpoint: byte[]
    Expected: float32[]
}

let private study =
    lazy
        ((WorldCatalog.tryFind "acquisition").Value {
            Dataset = "acquisition"
            MissingRate = Some UsualCondition.missingRate
            Mechanism = Acquisition
            MechanismStrength = UsualCondition.mechanismStrength
            Confounding = UsualCondition.confounding
            Signal = UsualCondition.signal
            TrainSize = Some 300
            Unbiased = false
            Seed = 1
        })

let private few (cohort: Cohort) = cohort.Select [| 0..199 |]
let private rows = lazy (few study.Value.Tests.Head.Cohort)

let private create id =
    BaselineCatalog.Find(Suite.baselines.Value, id).Create()

let private fit id isWrapped =
    let fitted (predictor: IPredictor) =
        predictor.Fit(study.Value.Train, few study.Value.Validation, FitContext(Seed = Seed 1UL))
        predictor

    use plain = fitted (create id)
    use stream = new MemoryStream()
    plain.Save stream

    use stored =
        if isWrapped then
            fitted (CausalDebias.Wrap(create id))
        else
            plain

    let folder = Directory.CreateTempSubdirectory "causal-debias-model-"

    try
        let file = Path.Combine(folder.FullName, "model")
        Checkpoint.Save(file, stored)

        {
            Id = id
            Plain = stream.ToArray()
            Checkpoint = File.ReadAllBytes file
            Expected = stored.PredictProbability rows.Value
        }
    finally
        folder.Delete true

let private models =
    lazy [| fit "zero-fill-mlp" true; fit "logistic" true; fit "lightgbm" false |]

let private anyModel setting =
    setting.Random.GetItems(models.Value, 1)[0]

/// A damaged checkpoint is refused in one line, whatever is damaged.
let private refused (damage: Random -> byte[] -> byte[]) setting folder =
    let model = anyModel setting
    let file = Path.Combine(folder, "model")
    File.WriteAllBytes(file, damage setting.Random model.Checkpoint)
    let mutable isLoaded = false

    let load () =
        use _ = Checkpoint.Load(file, Suite.baselines.Value)
        isLoaded <- true

    Case.first [
        fun () -> GeneratedInputs.survives load
        fun () -> Case.require (not isLoaded) $"a damaged {model.Id} is loaded"
    ]

let private cut (random: Random) (whole: byte[]) =
    Array.truncate (random.Next whole.Length) whole

/// The kind's length and text, and the length of the content.
let private before (stream: byte[]) = 1 + int stream[0] + sizeof<int64>

/// A model's stream with another content and a checksum that holds.
let private withContent (change: byte[] -> byte[]) (stream: byte[]) =
    let start = before stream
    let kind = stream[.. int stream[0]]
    let content = change stream[start .. stream.Length - SHA256.HashSizeInBytes - 1]

    let whole =
        Array.concat [ kind; BitConverter.GetBytes(int64 content.Length); content ]

    Array.append whole (SHA256.HashData whole)

/// Sixteen bytes that hold a whole NaN of either precision, wherever in a row of numbers they begin.
let private notANumber (random: Random) (content: byte[]) =
    let length = 16
    let filled = Array.copy content
    Array.fill filled (random.Next(content.Length - length)) length 255uy
    filled

let private load model (stream: byte[]) =
    use predictor = create model.Id
    predictor.Load(new MemoryStream(stream))

/// Numbers that are none are refused, also where the checksum holds.
let private notANumbers setting _ =
    let model = models.Value[setting.Random.Next 2]
    let mutable isLoaded = false

    let attempt () =
        load model (withContent (notANumber setting.Random) model.Plain)
        isLoaded <- true

    Case.first [
        fun () -> GeneratedInputs.survives attempt
        fun () -> Case.require (not isLoaded) $"{model.Id} is loaded with weights that are no numbers"
    ]

/// A content that was never a model's is refused or is a model, also where the checksum holds; LightGBM reads its own part by
/// native code, which is behind the checksum only.
let private resealed setting _ =
    let model = models.Value[setting.Random.Next 2]

    GeneratedInputs.survives (fun () -> load model (withContent (Mutation.bytes setting.Random) model.Plain))

/// Four threads predict what one does.
let private fourThreads setting (folder: string) =
    let model = anyModel setting
    let file = Path.Combine(folder, "model")
    File.WriteAllBytes(file, model.Checkpoint)
    use predictor = Checkpoint.Load(file, Suite.baselines.Value)

    let predict _ =
        Task.Run(fun () -> [ for _ in 1..10 -> predictor.PredictProbability rows.Value = model.Expected ])

    let asOne = Task.WhenAll(Array.init 4 predict).Result |> Seq.concat |> Seq.forall id

    Case.require asOne $"{model.Id} predicts otherwise in several threads"

let cases = [
    Case.create "bit flipped in a checkpoint" 100 5000 (refused Mutation.flipBit)
    Case.create "checkpoint cut short" 50 1000 (refused cut)
    Case.create "weights of a checkpoint that are no numbers" 50 1000 notANumbers
    Case.create "four threads predict with one model" 3 60 fourThreads
]

/// Contents of models, generated.
let inputs = [ GeneratedInputs.case "model under a checksum that holds" 40 resealed ]
