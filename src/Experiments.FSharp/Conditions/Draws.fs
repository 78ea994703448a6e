namespace CausalDebiasing.Bench.Conditions

open CausalDebiasing.Runtime
open MathNet.Numerics.Distributions
open MathNet.Numerics.Random

/// Random arrays from named streams: a draw of n numbers is a prefix of the draw of n + 1 with the same seed and name.
module Draws =
    let private generator (seed: Seed) (name: string) =
        Xoshiro256StarStar(seed.Derive(name).ToInt32(), false)

    /// Numbers from N(0, 1).
    let normals seed name count =
        let values = Array.zeroCreate<float> count
        Normal.Samples(generator seed name, values, 0., 1.)
        values

    /// Numbers from the uniform distribution on [0, 1).
    let uniforms seed name count =
        let values = Array.zeroCreate<float> count
        (generator seed name).NextDoubles values
        values

    /// Fair draws from {-1, 1}.
    let signs seed name count =
        uniforms seed name count |> Array.map (fun u -> if u < 0.5 then -1. else 1.)
