package io.sansocket.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.sansocket.core.rule.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the core must not do, so that it stays a function of bytes and time (STYLE, rule 7). */
class ArchitectureTest {
    private static final Path MAIN = mainClasses();
    private static final JavaClasses CORE = new ClassFileImporter().importPath(MAIN);

    /** Whole packages of the platform, their subpackages with them. */
    private static final Set<String> FORBIDDEN_PACKAGES = Set.of(
            "java.net",
            "java.net.http",
            "java.nio.channels",
            "java.nio.file",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.concurrent.locks",
            "java.util.regex",
            "java.util.logging");

    private static final Set<String> ALLOWED_IN_THEM = Set.of(URI.class.getName(), URISyntaxException.class.getName());

    private static final Set<String> FORBIDDEN_CLASSES = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.time.Clock",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer");

    /** A clock, a source of chance, a lock or a regular expression behind a method of a class that is else allowed. */
    private static final Set<String> FORBIDDEN_METHODS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle",
            "java.lang.Object.wait",
            "java.lang.Object.notify",
            "java.lang.Object.notifyAll",
            "java.lang.String.matches",
            "java.lang.String.replaceAll",
            "java.lang.String.replaceFirst");

    private static Path mainClasses() {
        try {
            return Path.of(Rule.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static final ArchRule NO_WORLD = noClasses()
            .should()
            .dependOnClassesThat(
                    describe("are sockets, channels, threads, clocks, chance or regex", ArchitectureTest::isForbidden))
            .orShould()
            .accessTargetWhere(describe("is a clock, chance, a monitor or regex", ArchitectureTest::isForbiddenMember));

    private static final ArchRule NO_LOCKS = methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED);

    private static final ArchRule ONE_SECURE_RANDOM = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.sansocket.core.frame.SecureMaskingKeys")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    private static final ArchRule NO_CYCLES =
            slices().matching("io.sansocket.core.(*)..").should().beFreeOfCycles();

    /** rule ← frame, http; http ← extension; all of them ← handshake ← protocol, and ← deflate, which those do without. */
    private static final ArchRule ORDER = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("rule")
            .definedBy("io.sansocket.core.rule..")
            .layer("frame")
            .definedBy("io.sansocket.core.frame..")
            .layer("http")
            .definedBy("io.sansocket.core.http..")
            .layer("extension")
            .definedBy("io.sansocket.core.extension..")
            .layer("deflate")
            .definedBy("io.sansocket.core.deflate..")
            .layer("handshake")
            .definedBy("io.sansocket.core.handshake..")
            .layer("protocol")
            .definedBy("io.sansocket.core.protocol..")
            .whereLayer("rule")
            .mayNotAccessAnyLayer()
            .whereLayer("frame")
            .mayOnlyAccessLayers("rule")
            .whereLayer("http")
            .mayOnlyAccessLayers("rule")
            .whereLayer("extension")
            .mayOnlyAccessLayers("rule", "http")
            .whereLayer("deflate")
            .mayOnlyAccessLayers("rule", "frame", "http", "extension")
            .whereLayer("handshake")
            .mayOnlyAccessLayers("rule", "frame", "http", "extension")
            .whereLayer("protocol")
            .mayNotBeAccessedByAnyLayer();

    private static final ArchRule CLOSED_TYPES = classes()
            .that()
            .arePublic()
            .should(ArchCondition.from(describe(
                    "be final, sealed, records, enums, interfaces or exceptions", ArchitectureTest::isClosed)));

    private static boolean isForbidden(JavaClass type) {
        return FORBIDDEN_CLASSES.contains(type.getName())
                || (FORBIDDEN_PACKAGES.contains(type.getPackageName()) && !ALLOWED_IN_THEM.contains(type.getName()));
    }

    private static boolean isForbiddenMember(JavaAccess<?> access) {
        return FORBIDDEN_METHODS.contains(
                access.getTargetOwner().getName() + "." + access.getTarget().getName());
    }

    private static boolean isClosed(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.FINAL)
                || type.isInterface()
                || type.isEnum()
                || Throwable.class.isAssignableFrom(type.reflect())
                || type.reflect().isSealed();
    }

    @Test
    void coreReachesForNoSocketThreadClockOrChance() {
        NO_WORLD.check(CORE);
    }

    @Test
    void coreHasNoSynchronizedMethods() {
        NO_LOCKS.check(CORE);
    }

    @Test
    @DisplayName("10.3 masking keys are the only use of SecureRandom")
    void maskingKeysAreTheOnlyUseOfSecureRandom() {
        ONE_SECURE_RANDOM.check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        NO_CYCLES.check(CORE);
    }

    @Test
    void packagesDependOnThoseBelowThem() {
        ORDER.check(CORE);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages = new HashSet<>();
        for (JavaClass each : CORE) {
            if (!each.getPackageName().isEmpty()) {
                packages.add(each.getPackage());
            }
        }
        assertThat(packages)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(it -> assertThat(it.isAnnotatedWith(NullMarked.class))
                        .as("%s has a package-info with @NullMarked", it.getName())
                        .isTrue());
    }

    @Test
    void exportedClassesAreClosed() throws IOException {
        Set<String> exported = new HashSet<>();
        try (InputStream in = Files.newInputStream(MAIN.resolve("module-info.class"))) {
            ModuleDescriptor.read(in).exports().forEach(it -> exported.add(it.source()));
        }
        assertThat(exported).contains("io.sansocket.core.frame", "io.sansocket.core.rule");
        CLOSED_TYPES.check(CORE.that(describe("exported", type -> exported.contains(type.getPackageName()))));
    }

    /** A rule that cannot fail is no rule: each is shown a class that breaks it. */
    @Nested
    class Planted {
        private static boolean breaks(ArchRule rule, Class<?>... planted) {
            return rule.evaluate(new ClassFileImporter().importClasses(planted)).hasViolation();
        }

        @Test
        void threadIsFound() {
            assertThat(breaks(NO_WORLD, HoldsAThread.class)).isTrue();
        }

        @Test
        void clockIsFound() {
            assertThat(breaks(NO_WORLD, ReadsAClock.class)).isTrue();
        }

        @Test
        void socketIsFoundAndAUriIsNot() {
            assertThat(breaks(NO_WORLD, HoldsASocket.class)).isTrue();
            assertThat(breaks(NO_WORLD, HoldsAUri.class)).isFalse();
        }

        @Test
        void regexIsFound() {
            assertThat(breaks(NO_WORLD, MatchesARegex.class)).isTrue();
        }

        @Test
        void synchronizedMethodIsFound() {
            assertThat(breaks(NO_LOCKS, Locks.class)).isTrue();
        }

        @Test
        void otherUseOfSecureRandomIsFound() {
            assertThat(breaks(ONE_SECURE_RANDOM, DrawsAKey.class)).isTrue();
        }

        @Test
        void openClassIsFoundAndASealedOneIsNot() {
            assertThat(breaks(CLOSED_TYPES, Open.class)).isTrue();
            assertThat(breaks(CLOSED_TYPES, Closed.class, Closed.Only.class)).isFalse();
        }

        @Test
        void ruleThatNeedsAFrameIsFound() {
            assertThat(breaks(
                            ORDER,
                            io.sansocket.core.rule.PlantedRuleThatNeedsAFrame.class,
                            io.sansocket.core.frame.Role.class))
                    .isTrue();
        }

        private record HoldsAThread(Thread thread) {}

        private record HoldsASocket(java.net.Socket socket) {}

        private record HoldsAUri(URI uri) {}

        private record DrawsAKey(java.security.SecureRandom random) {}

        private static final class ReadsAClock {
            @SuppressWarnings("unused")
            private static long now() {
                return System.nanoTime();
            }
        }

        private static final class MatchesARegex {
            @SuppressWarnings("unused")
            private static boolean isKey(String text) {
                return text.matches("[a-z]+");
            }
        }

        private static final class Locks {
            @SuppressWarnings("unused")
            private synchronized void lock() {}
        }

        /** Anybody may extend it. */
        public static class Open {}

        /** Nobody else may extend it. */
        public abstract static sealed class Closed {
            private static final class Only extends Closed {}
        }
    }
}
