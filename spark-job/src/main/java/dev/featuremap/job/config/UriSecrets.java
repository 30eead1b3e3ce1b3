package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds credentials in URIs: a name or a password before the host, and signatures, keys and tokens
 * behind it. A location is printed, logged and stored in many places, so such a one is refused
 * before anything is done with it, and no message repeats it.
 *
 * <p>Every argument, every setting and every location of the API passes here.
 */
public final class UriSecrets {
  private static final String MLFLOW = TrackingSettings.URI_KEY;

  /** Settings that hold a location; any other text is suspected only where it has {@code ://}. */
  private static final Set<String> LOCATIONS =
      Set.of(
          "data.path",
          "data.train",
          "data.test",
          "data.table.images",
          "output.path",
          "network",
          "network.base",
          MLFLOW);

  /** {@code abfss://container@account}: what stands before the host is no user. */
  private static final Set<String> CONTAINERS = Set.of("abfs", "abfss", "wasb", "wasbs");

  /** Their hosts are buckets, which have no port. */
  private static final Set<String> BUCKETS =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "ks3", "swift", "adl", "dbfs");

  /** Where no path of ours has a reason for an {@code @}. */
  private static final Set<String> WEB = Set.of("http", "https", "jdbc");

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]*):|^)[/\\\\]{2}");
  private static final Pattern START = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");

  /** Their servers ask for names and passwords. */
  private static final Set<String> LOGINS = Set.of("ftp", "ftps", "sftp");

  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int LARGEST_PORT = 65_535;

  /** A host with a port behind an {@code @}; no file of HDFS has a colon in its name. */
  private static final Pattern LATER_HOST = Pattern.compile("@[^/\\\\@]+:[0-9]{1,5}(?:[/\\\\]|$)");

  private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.%]+]");
  private static final Pattern PARAMETER = Pattern.compile("[?&;#]([A-Za-z0-9_.-]+)=");
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          ".*(signature|credential|token|secret|passw|accesskey|accessid|apikey|sharedkey|privatekey).*"
              + "|sig|pwd|pass|auth|authorization|key|sas|jwt|bearer");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  /** Whoever escapes an escape more often has nothing that opens. */
  private static final int MOST_ESCAPES = 4;

  private UriSecrets() {}

  /**
   * What a message says of a location that has credentials; empty for one without.
   *
   * @param name the option or key that holds it
   */
  public static Optional<String> problem(String name, String location) {
    return problem(name, location, true);
  }

  /** The same of a text that need not be a location, such as the name of a run. */
  public static Optional<String> problemOfText(String name, String text) {
    return problem(name, text, false);
  }

  private static Optional<String> problem(String name, String text, boolean isLocation) {
    boolean mlflow = name.startsWith(MLFLOW);
    String plain = text;
    for (int opened = 0; opened <= MOST_ESCAPES; opened++) {
      if (hasUser(plain, isLocation) || (mlflow && plain.contains("@"))) {
        return Optional.of(
            mlflow
                ? "Cannot use %s: a URI must not contain credentials. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, in the driver's environment."
                    .formatted(name)
                : "Cannot use %s: a URI must not contain a password. Give credentials to Hadoop's configuration."
                    .formatted(name));
      }
      // The reader of that setting refuses every query.
      if (!mlflow && hasSecretParameter(plain, isLocation)) {
        return Optional.of(
            "Cannot use %s: a URI must not contain a signature, key or token. Give credentials to Hadoop's configuration."
                .formatted(name));
      }
      plain = unescaped(plain);
    }
    return Optional.empty();
  }

  /**
   * Refuses a configuration with credentials in any value or key.
   *
   * @throws SpecException with every place that has them
   */
  static void refuse(Config resolved) {
    List<String> problems = new ArrayList<>();
    collect("", resolved.root(), problems);
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
  }

  /** The problem of a value of the setting {@code key}. */
  static Optional<String> problemOfSetting(String key, String named, String text) {
    boolean isLocation =
        LOCATIONS.contains(key) || key.equals(InitialModel.FROM) || key.endsWith(".base");
    return problem(named, text, isLocation);
  }

  /** The problem of an argument of {@code --set}. */
  public static Optional<String> problemOfAssignment(String assignment) {
    String key = assignment.split("=", 2)[0].strip();
    String value = assignment.substring(assignment.indexOf('=') + 1).strip();
    if (problem("--set", key).isPresent()) {
      return problem("--set", key);
    }
    // A secret may hold the first equals sign.
    String whole = key.startsWith(MLFLOW) ? key : "--set";
    return problemOfSetting(key, key, value).or(() -> problemOfText(whole, assignment));
  }

  private static void collect(String key, ConfigValue value, List<String> problems) {
    if (value instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        String prefix = key.isEmpty() ? "" : key + ".";
        Optional<String> ofKey =
            problemOfText("a key" + place(entry.getValue().origin()), entry.getKey());
        ofKey.ifPresentOrElse(
            problems::add, () -> collect(prefix + entry.getKey(), entry.getValue(), problems));
      }
    } else if (value instanceof ConfigList list) {
      list.forEach(element -> collect(key, element, problems));
    } else if (value.unwrapped() instanceof String text) {
      problemOfSetting(key, key + place(value.origin()), text).ifPresent(problems::add);
    }
  }

  private static String place(ConfigOrigin origin) {
    return origin.lineNumber() > 0 ? " in " + ConfigFile.place(origin) : "";
  }

  private static boolean hasUser(String text, boolean isLocation) {
    Matcher matcher = AUTHORITY.matcher(text);
    boolean any = false;
    while (matcher.find()) {
      any = true;
      String scheme = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
      if (hasUser(scheme, text.substring(matcher.end()))) {
        return true;
      }
    }
    if (any || !isLocation) {
      return false;
    }
    Matcher start = START.matcher(text);
    if (!start.lookingAt() || start.group(1).equalsIgnoreCase("file")) {
      return false;
    }
    String rest = text.substring(start.end());
    // AKIA…:secret@bucket, and s3a:/AKIA…:secret@bucket.
    return rest.startsWith("/") ? hidesUser("", withoutSlashes(rest)) : rest.contains("@");
  }

  /** Of what stands behind {@code scheme://}. */
  private static boolean hasUser(String scheme, String behind) {
    int quote = behind.indexOf('"');
    String rest = quote < 0 ? behind : behind.substring(0, quote);
    if (WEB.contains(scheme) && rest.contains("@")) {
      return true;
    }
    if (rest.startsWith("/")) {
      return !scheme.isEmpty() && !scheme.equals("file") && hidesUser(scheme, withoutSlashes(rest));
    }
    String authority = authority(rest);
    int at = authority.lastIndexOf('@');
    if (at < 0) {
      return hidesUser(scheme, rest);
    }
    String user = authority.substring(0, at);
    return !CONTAINERS.contains(scheme) || user.contains(":") || user.contains("@");
  }

  /**
   * True for a secret with a slash: the host seems to have a port that is none. Where the port is a
   * number, and what follows the {@code @} may be the version of a model, it is taken for a port.
   */
  private static boolean hidesUser(String scheme, String rest) {
    if (!rest.contains("@")) {
      return false;
    }
    String authority = IPV6.matcher(authority(rest)).replaceFirst("");
    int colon = authority.indexOf(':');
    if (colon < 0) {
      return false;
    }
    String port = authority.substring(colon + 1);
    boolean isPort = PORT.matcher(port).matches() && Integer.parseInt(port) <= LARGEST_PORT;
    return !isPort
        || BUCKETS.contains(scheme)
        || CONTAINERS.contains(scheme)
        || LOGINS.contains(scheme)
        || LATER_HOST.matcher(rest).find();
  }

  private static boolean hasSecretParameter(String text, boolean isLocation) {
    if (!isLocation && !text.contains("://")) {
      return false;
    }
    return PARAMETER
        .matcher(text)
        .results()
        .map(match -> match.group(1).toLowerCase(Locale.ROOT).replaceAll("[_.-]", ""))
        .anyMatch(name -> SECRET_NAME.matcher(name).matches());
  }

  private static String authority(String rest) {
    return rest.split("[/\\\\]", 2)[0];
  }

  private static String withoutSlashes(String rest) {
    return rest.replaceFirst("^[/\\\\]+", "");
  }

  /** Escapes of ASCII opened once, which is all that names and marks are made of. */
  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match -> {
              int code = Integer.parseInt(match.group(1), 16);
              String opened = code < 128 ? Character.toString(code) : match.group();
              return Matcher.quoteReplacement(opened);
            });
  }
}
