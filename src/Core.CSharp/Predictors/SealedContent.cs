using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>
/// A part of a stored predictor: its kind and format version, its length, the content, and a SHA-256 of all of these. Nothing
/// of the content is looked at before the checksum holds, since what reads it (a network, LightGBM) trusts it.
/// </summary>
public static class SealedContent
{
    private const int MostOfAName = 127;

    /// <summary>Writes a part.</summary>
    /// <param name="destination">Where to; nothing is written when <paramref name="write"/> fails.</param>
    /// <param name="kind">What the part is, in at most 100 ASCII characters, for example <c>causaldebias-network</c>.</param>
    /// <param name="version">Of the content's format; raise it when <paramref name="write"/> changes.</param>
    /// <param name="subject">What is stored, as the subject of an error's sentence.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InputException">The content holds a number that is not finite.</exception>
    public static void Write(
        Stream destination,
        string kind,
        int version,
        string subject,
        Action<BinaryWriter> write
    )
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
            try
            {
                write(writer);
            }
            catch (NotFiniteNumberException)
            {
                throw new InputException(
                    $"{subject} cannot be saved: it holds numbers that are not finite, since its fit diverged; fit again with a smaller learning rate, or check the data for extreme values."
                );
            }
        using var sealing = new MemoryStream();
        using (var writer = new BinaryWriter(sealing, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Name(kind, version));
            writer.Write(content.Length);
            writer.Write(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        sealing.Position = 0;
        var checksum = SHA256.HashData(sealing);
        sealing.WriteTo(destination);
        destination.Write(checksum);
    }

    /// <summary>Reads what <see cref="Write"/> wrote and leaves the stream behind it.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="kind">As written.</param>
    /// <param name="version">The format that <paramref name="read"/> understands.</param>
    /// <param name="subject">What is read, as the subject of an error's sentence.</param>
    /// <param name="read">Reads the content, to its end.</param>
    /// <exception cref="InputException">
    /// The part is of another kind or version, is damaged or cut short, holds a number that is not finite, or is not what
    /// <paramref name="read"/> expects.
    /// </exception>
    public static T Read<T>(
        Stream source,
        string kind,
        int version,
        string subject,
        Func<BinaryReader, T> read
    )
    {
        using var content = new BinaryReader(Verified(source, kind, version, subject), Encoding.UTF8);
        try
        {
            var result = read(content);
            if (content.BaseStream.Position != content.BaseStream.Length)
                throw new InvalidDataException();
            return result;
        }
        catch (NotFiniteNumberException)
        {
            throw new InputException(
                $"{subject} holds numbers that are not finite: its fit diverged; fit and save the model again."
            );
        }
        catch (JsonException unknown)
        {
            throw new InputException(
                $"{subject} says something at '{unknown.Path}' that this build does not know: load it with the build that wrote it, or fit and save the model again."
            );
        }
        catch (Exception problem)
            when (problem is IOException or InvalidDataException or ArgumentException or FormatException)
        {
            throw new InputException(
                $"{subject} holds another model than the one it is loaded into: make that with the hyper-parameters and options it was saved with, or fit and save the model again."
            );
        }
    }

    private static MemoryStream Verified(Stream source, string kind, int version, string subject)
    {
        InputException Damaged() =>
            new(
                $"{subject} is no {kind} of this library, or is damaged or cut short: copy the file again, or fit and save the model again."
            );
        byte[] Next(long count)
        {
            var bytes = Take(source, count);
            return bytes.Length == count ? bytes : throw Damaged();
        }
        var size = Next(1);
        if (size[0] > MostOfAName)
            throw Damaged();
        var name = Next(size[0]);
        var text = Encoding.UTF8.GetString(name);
        if (text != Name(kind, version))
            throw text.StartsWith(kind + "-", StringComparison.Ordinal)
                ? new InputException(
                    $"{subject} has format {text[(kind.Length + 1)..]}, and this build reads format {version}: load it with the build that wrote it, or fit and save the model again."
                )
                : Damaged();
        var length = Next(sizeof(long));
        var content = Next(Math.Max(0, BitConverter.ToInt64(length)));
        byte[] whole = [.. size, .. name, .. length, .. content];
        return Next(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(SHA256.HashData(whole))
            ? new MemoryStream(content)
            : throw Damaged();
    }

    /// <summary>As many bytes as there are, up to a number that may be any: memory grows with what is read.</summary>
    private static byte[] Take(Stream source, long count)
    {
        using var taken = new MemoryStream();
        var part = new byte[Math.Min(count, 1 << 16)];
        while (taken.Length < count)
        {
            var read = source.Read(part, 0, (int)Math.Min(part.Length, count - taken.Length));
            if (read == 0)
                break;
            taken.Write(part, 0, read);
        }
        return taken.ToArray();
    }

    private static string Name(string kind, int version) => $"{kind}-{version}";
}
