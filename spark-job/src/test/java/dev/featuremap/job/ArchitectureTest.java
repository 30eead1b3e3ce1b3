package dev.featuremap.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, and what no class of ours may do. */
@AnalyzeClasses(packages = "dev.featuremap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JOB = "dev.featuremap.job.";

  @ArchTest
  static final ArchRule leavesTheEndOfTheProcessToSpark =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .because("YARN reports even an exit with 0 as a failure");

  @ArchTest
  static final ArchRule importsTheCommandLineNowhere =
      noClasses()
          .that()
          .resideOutsideOfPackage(JOB + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JOB + "cli..");

  @ArchTest
  static final ArchRule readsConfigurationsWithoutSpark =
      noClasses()
          .that()
          .resideInAnyPackage(JOB + "config..", JOB + "run..", JOB + "failure..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "scala..",
              JOB + "source..",
              JOB + "checkpoint..",
              JOB + "train..",
              JOB + "evaluate..",
              JOB + "report..");

  @ArchTest
  static final ArchRule describesRunsWithoutTheirConfiguration =
      noClasses()
          .that()
          .resideInAnyPackage(JOB + "run..", JOB + "failure..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JOB + "config..");

  @ArchTest
  static final ArchRule storesCheckpointsWithHadoopAlone =
      noClasses()
          .that()
          .resideInAPackage(JOB + "checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "scala..",
              JOB + "config..",
              JOB + "source..",
              JOB + "train..",
              JOB + "evaluate..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule readsImagesWithoutKnowingWhatFor =
      noClasses()
          .that()
          .resideInAPackage(JOB + "source..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              JOB + "config..", JOB + "checkpoint..", JOB + "train..", JOB + "evaluate..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule knowsNoJobInTheModel =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.featuremap.job..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.featuremap.job..", "org.apache..", "scala..");
}
