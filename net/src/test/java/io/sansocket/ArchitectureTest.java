package io.sansocket;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The layers: engines know no protocol, and nothing here needs anything but the JDK and the core. */
class ArchitectureTest {
    private static final JavaClasses NET = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sansocket", "io.sansocket.engine")
            .that(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "of this module",
                    type -> type.getPackageName().equals("io.sansocket")
                            || type.getPackageName().equals("io.sansocket.engine")));

    @Test
    void theEngineKnowsOnlyTheProtocolsCalls() {
        noClasses()
                .that()
                .resideInAPackage("io.sansocket.engine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.sansocket",
                        "io.sansocket.core.frame",
                        "io.sansocket.core.rule",
                        "io.sansocket.core.http",
                        "io.sansocket.core.handshake",
                        "io.sansocket.core.extension",
                        "io.sansocket.core.deflate")
                .check(NET);
    }

    @Test
    void nothingButTheJdkAndTheCoreIsNeeded() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "javax.crypto..",
                        "javax.security..",
                        "io.sansocket..",
                        "org.jspecify..",
                        "com.google.errorprone.annotations..")
                .check(NET);
    }

    @Test
    void classesAreFinalOrSealedOrInterfaces() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(NET);
    }
}
