using System.Runtime.InteropServices;
using TorchSharp;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The functions of LightGBM's C interface (4.6) that boosting with an initial score needs. Data sets and boosters are made as
/// bare handles, which their own types take at once.
/// </summary>
internal static partial class LightGbmLibrary
{
    internal const int Float32 = 0;
    internal const int Float64 = 1;
    internal const int RowMajor = 1;
    internal const int RawScore = 1;

    private const string Name = "lib_lightgbm";

    /// <summary>LightGBM needs an OpenMP runtime, which a bare system lacks; libtorch brings one with the same name.</summary>
    static LightGbmLibrary() => torch.get_num_threads();

    /// <summary>Turns a return code into an exception.</summary>
    /// <exception cref="InvalidOperationException">The call failed; the message is LightGBM's.</exception>
    internal static void Require(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"LightGBM: {Marshal.PtrToStringUTF8(GetLastError())}");
    }

    [LibraryImport(Name, EntryPoint = "LGBM_GetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(
        Name,
        EntryPoint = "LGBM_DatasetCreateFromMat",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial int CreateDataset(
        float[] data,
        int type,
        int rows,
        int columns,
        int isRowMajor,
        string parameters,
        nint reference,
        out nint dataset
    );

    [LibraryImport(Name, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetField(
        SafeHandle dataset,
        string field,
        float[] values,
        int count,
        int type
    );

    [LibraryImport(Name, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetField(
        SafeHandle dataset,
        string field,
        double[] values,
        int count,
        int type
    );

    [LibraryImport(Name, EntryPoint = "LGBM_DatasetFree")]
    internal static partial int FreeDataset(nint dataset);

    [LibraryImport(Name, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int CreateBooster(SafeHandle dataset, string parameters, out nint booster);

    [LibraryImport(
        Name,
        EntryPoint = "LGBM_BoosterLoadModelFromString",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial int LoadBooster(string model, out int iterations, out nint booster);

    [LibraryImport(Name, EntryPoint = "LGBM_BoosterFree")]
    internal static partial int FreeBooster(nint booster);

    [LibraryImport(Name, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    internal static partial int Update(SafeHandle booster, out int isFinished);

    [LibraryImport(
        Name,
        EntryPoint = "LGBM_BoosterPredictForMat",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial int Predict(
        SafeHandle booster,
        float[] data,
        int type,
        int rows,
        int columns,
        int isRowMajor,
        int predictType,
        int start,
        int iterations,
        string parameters,
        out long length,
        double[] result
    );

    [LibraryImport(Name, EntryPoint = "LGBM_BoosterSaveModelToString")]
    internal static partial int Save(
        SafeHandle booster,
        int start,
        int iterations,
        int importance,
        long capacity,
        out long length,
        byte[] text
    );
}
