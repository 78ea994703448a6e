namespace CausalDebiasing.Bench.Running

open System
open System.Threading.Tasks
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// How handing a cell to a worker ended.
type Outcome =
    | Completed of CellResult
    /// The worker is gone, with one line on how, and what it wrote last.
    | Lost of reason: string * lastWords: string
    /// The time limit passed; the worker has been ended.
    | OverTime

/// Something that computes one cell at a time, normally a process of its own.
type IWorker =
    inherit IDisposable
    /// Computes a cell within a time limit. Never raises for what goes wrong in the worker. After Lost or
    /// OverTime the worker is of no more use.
    abstract Run: item: WorkItem * limit: TimeSpan -> Task<Outcome>
    /// Ends the worker at once; a computation under way becomes Lost.
    abstract Stop: unit -> unit
